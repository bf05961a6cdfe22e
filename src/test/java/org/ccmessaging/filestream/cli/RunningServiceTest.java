package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.reload.MadeUpRoutes;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that talk to a running service: status, history, reload and rollback. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Journal", texts = {"are rejected", "are not tried"})
class RunningServiceTest {

    private static final String PASSWORD = "only for & tests+ü";
    private static final Map<String, Object> CONSOLE =
            Map.of("filestream.console.username", "jo", "filestream.console.password", PASSWORD);

    private static final String TRUST =
            "-Djavax.net.ssl.trustStore=<file> -Djavax.net.ssl.trustStorePassword=<password>";

    private final Map<String, String> environment = new HashMap<>(Map.of("FILESTREAM_CONSOLE_PASSWORD", PASSWORD));
    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, CONSOLE, MadeUpRoutes.class);
    }

    private MadeUpRoutes routes() {
        return stage.service().bean(MadeUpRoutes.class);
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(environment::get, new StringWriter(), arguments);
    }

    /** As user jo of the service. */
    private CommandRun asUser(String... arguments) {
        return asUser(new StringWriter(), arguments);
    }

    private CommandRun asUser(StringWriter out, String... arguments) {
        List<String> all = new ArrayList<>(List.of("routes"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--url", stage.service().management().base().toString(), "--user", "jo"));
        CommandRun run = CommandRun.of(environment::get, out, all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        return run;
    }

    private CommandRun failed(String url, String... more) {
        List<String> all = new ArrayList<>(List.of("routes", "status", "--url", url));
        all.addAll(List.of(more));
        CommandRun run = run(all.toArray(String[]::new));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.lines()).isEmpty();
        return run;
    }

    /** The service of an author's editor. */
    @Test
    void followPrintsEachStageOnceAndEndsWithTheOutcome() throws Exception {
        routes().edit("- route: followed").beginCheck();
        StringWriter out = new StringWriter();
        CompletableFuture<CommandRun> follow = CompletableFuture.supplyAsync(() -> asUser(out, "status", "--follow"));
        await().until(() -> out.toString().contains("checking"));
        assertThat(asUser("status").lines()).contains("stage        checking");
        routes().endCheck();

        assertThat(follow.get().status()).isZero();
        assertThat(follow.get().lines()).startsWith("2026-11-26T08:00:00Z  checking",
                "2026-11-26T08:00:00Z  starting", "2026-11-26T08:00:00Z  serves").endsWith(
                asUser("status").lines().get(asUser("status").lines().size() - 1));
        assertThat(asUser("status").lines()).noneMatch(line -> line.startsWith("stage"));
    }

    @Test
    void reloadMakesTheFilesServeAndRollbackTheOnesBefore() {
        routes().edit("- route: wanted");
        CommandRun reload = asUser("reload", "--untested");
        assertThat(reload.status()).isZero();
        assertThat(reload.lines()).singleElement().asString().matches("generation \\d+ serves \\(0\\.0 s\\)");
        assertThat(asUser("reload", "--untested").lines()).singleElement().asString()
                .startsWith("no change: generation ");

        assertThat(asUser("promote").status()).isZero();
        assertThat(routes().callers()).endsWith("promote: command user jo");
        CommandRun rollback = asUser("rollback");
        assertThat(rollback.status()).isZero();
        assertThat(rollback.lines()).hasSize(2);
        assertThat(rollback.lines().get(0)).matches("back to generation \\d+, which served since 2026-\\S+ by .*");
        assertThat(rollback.lines().get(1)).matches("generation \\d+ serves \\(.*");
        assertThat(asUser("rollback", "1").status()).isZero();
        assertThat(routes().callers()).endsWith("rollback 1: command user jo");
        assertThat(asUser("status").lines()).anySatisfy(line -> assertThat(line)
                .startsWith("note         The folder holds other files than those that serve."));
    }

    @Test
    void lossOfRequestsIsAcceptedDeliberately() {
        routes().edit("- route: accepted");

        assertThat(asUser("reload", "--untested", "--accept").status()).isZero();
        assertThat(routes().callers()).endsWith("reload and accept: command user jo");
    }

    /** The made-up service has other files than the folder here. */
    @Test
    void reloadWhereTheFolderIsNotProvesNothingAndSaysWhatToDo() {
        routes().edit("- route: elsewhere");
        List<String> before = routes().callers();
        CommandRun reload = run("routes", "reload", "--user", "jo", "--url",
                stage.service().management().base().toString());

        assertThat(reload.status()).isEqualTo(2);
        assertThat(reload.err()).matches("reload: the files in \\S+/routes \\(sha256 [0-9a-f]{64}\\) are not those that"
                + " the service reads \\(sha256 [0-9a-f]{64}\\)\\. Run the command on the host of the"
                + " service, .*--untested\\.\n");
        assertThat(routes().callers()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "rejected at stage check, 1, " + MadeUpRoutes.BROKEN, "not tried, 2, the folder is away",
        "superseded, 2, the files in routes changed while they were checked; the service loads those"
            + " that are there now"})
    void outcomeOfASetThatDoesNotServeIsTheExitStatusAndItsReasonIsSaid(String outcome, int status, String reason) {
        routes().edit(outcome.startsWith("rejected") ? "broken" : "- route: " + outcome);
        routes().unreadable(outcome.equals("not tried") ? reason : null);
        routes().changing(outcome.equals("superseded"));
        try {
            CommandRun reload = asUser("reload", "--untested");

            assertThat(reload.status()).isEqualTo(status);
            assertThat(reload.lines()).hasSize(2).last().isEqualTo(reason);
            assertThat(reload.lines().get(0)).matches(outcome + ": generation \\d+ stays active \\(\\d\\.\\d s\\)");
        } finally {
            routes().unreadable(null);
            routes().changing(false);
        }
    }

    @Test
    void statusAndHistoryAreShort() {
        routes().edit("- route: listed");
        asUser("reload", "--untested");
        List<String> status = asUser("status").lines();

        assertThat(status.get(0)).matches("generation   \\d+, since 2026-11-26T\\S+Z, by command user jo");
        assertThat(status.get(1)).matches("sha256       [0-9a-f]{64}");
        assertThat(status).contains("files        a.camel.yaml", "live reload  on");
        List<String> history = asUser("history").lines();
        assertThat(history.get(0))
                .matches(" +\\d+  2026-\\S+  [0-9a-f]{12}  command user jo  \\(serves\\)");
        assertThat(history).last().asString()
                .matches("   1  2026-11-26T08:00:00Z  [0-9a-f]{12}  start, label release 7");
    }

    /** A rehearsal of nothing would otherwise read as one without a difference. */
    @ParameterizedTest
    @CsvSource({"rollback 99, 'rollback: there is no generation 99; the last ones: '",
        "rehearse, rehearse: the service has kept no request yet"})
    void operationOnWhatIsNotThereIsExitStatusTwo(String operation, String report) {
        CommandRun run = run(("routes " + operation + " --user jo --url " + stage.service().management().base())
                .split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith(report);
    }

    @Test
    void userAndAddressComeFromTheEnvironmentAndTheOption() {
        environment.put("FILESTREAM_CONSOLE_USERNAME", "jo");
        try {
            assertThat(run("routes", "status", "--url", stage.service().management().base() + "/").status()).isZero();
        } finally {
            environment.remove("FILESTREAM_CONSOLE_USERNAME");
        }
        assertThat(failed("http://localhost:1").err())
                .contains("the user is missing: give --user or set FILESTREAM_CONSOLE_USERNAME");
        assertThat(failed("localhost:9090", "--user", "jo").err()).contains("is not an address such as");
    }

    @Test
    void passwordIsNoOption() {
        assertThat(run("routes", "status", "--help").lines())
                .anyMatch(line -> line.contains("FILESTREAM_CONSOLE_PASSWORD"))
                .noneMatch(line -> line.contains("--password"));
        assertThat(failed("http://localhost:1", "--user", "jo", "--password", PASSWORD).err())
                .contains("Unknown options: '--password'");
    }

    @Test
    void wrongPasswordIsRefused() {
        environment.put("FILESTREAM_CONSOLE_PASSWORD", "wrong");
        try {
            assertThat(failed(stage.service().management().base().toString(), "--user", "jo").err())
                    .contains("refuses the login of jo").doesNotContain("wrong\n").doesNotContain("Exception");
        } finally {
            environment.put("FILESTREAM_CONSOLE_PASSWORD", PASSWORD);
        }
    }

    @Test
    void serviceWithoutAConsoleIsSaid() throws Exception {
        try (Stage without = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            assertThat(failed(without.service().management().base().toString(), "--user", "jo").err())
                    .contains("has no console", "filestream.console.username and .password");
        }
    }

    @Test
    void addressThatNobodyListensAtIsSaid() throws Exception {
        try (Socket nobody = new Socket()) {
            // It has the port, and does not listen.
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String url = "http://127.0.0.1:" + nobody.getLocalPort();
            assertThat(failed(url, "--user", "jo").err())
                    .contains("no service responds at " + url + " (ConnectException)", "--url");
        }
    }

    @Test
    void otherServerIsSaid() throws Exception {
        try (FaultyServer other = new FaultyServer()) {
            other.putEverywhere(new byte[0], Turn::right);
            assertThat(failed(other.endpoint().toString(), "--user", "jo").err())
                    .contains(" responds with HTTP 200 and not with the state of routes; is this the management port?");
        }
    }

    @Test
    void certificateOfAPrivateAuthorityIsSaidWithTheWayToTrustIt() throws Exception {
        try (FaultyServer server = new FaultyServer(stage.api().base(), new TestCa("private").issue().server())) {
            String url = "https://localhost:" + server.endpoint().getPort();
            assertThat(failed(url, "--user", "jo").err()).contains("TLS with " + url + " failed: ", "Give --url with a"
                    + " name that the certificate has", "For a certificate of a private CA, set JAVA_TOOL_OPTIONS='"
                    + TRUST + "'");
            assertThat(Files.readString(Path.of("docs/live-routes.md"))).contains("JAVA_TOOL_OPTIONS='" + TRUST + "'");
        }
    }
}
