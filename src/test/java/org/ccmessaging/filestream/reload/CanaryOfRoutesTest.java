package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.ccmessaging.filestream.observe.RecentRequests;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A tenth of the sessions gets an edit first, and the others only if it does no harm (decision 0028). */
@Tag("service")
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Journal", texts = "is rolled back")
@ExpectedErrors.Of(logger = "filestream", texts = "Method with name: key")
class CanaryOfRoutesTest {

    private static final byte[] FILE = Stage.content(20_000);
    private static final String SHIPPED = "Unauthorized operation.";
    private static final int SESSIONS = 400;

    @TempDir
    private static Path folder;

    private static OwnRoutes routes;
    @AutoClose
    private static Stage stage;

    private int first;
    /** The highest number so far, perhaps of a canary that was withdrawn. */
    private int last;

    @BeforeAll
    static void start() throws Exception {
        routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        stage = stage("1h");
    }

    private static Stage stage(String watch) throws Exception {
        Stage started = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory",
                routes.folder().toString(), "filestream.routes.canary", "10%", "filestream.routes.watch", watch));
        started.put("standard", "a.txt", FILE);
        return started;
    }

    @BeforeEach
    void begin() throws Exception {
        routes.restore();
        live().reload("the test before");
        live().promote("the test before");
        first = live().status().serving().number();
        last = live().status().history().get(0).number();
    }

    private static LiveRoutes live() {
        return stage.service().bean(LiveRoutes.class);
    }

    private static TestTokens session(int number) {
        return TestTokens.session().claim("userId", "user-" + number);
    }

    private static Answer download(int session) {
        return download(stage, session);
    }

    private static Answer download(Stage at, int session) {
        return at.api().download(request("standard", "a.txt"),
                credentials(TestTokens.access().sign(), session(session).sign()));
    }

    /** Returns the text of a 401, which shows the generation. No customer is verified then, so it counts as no harm. */
    private static String text(String sessionToken) {
        return stage.api().download(request("standard", "a.txt"), credentials("no token", sessionToken))
                .header("resultDesc");
    }

    private static String textWithoutSession() {
        return stage.api().download(request("standard", "a.txt"), "x-app-key", "nobody").header("resultDesc");
    }

    private static List<Integer> sessions(IntPredicate wanted) {
        return IntStream.range(0, SESSIONS).filter(wanted).boxed().toList();
    }

    private static List<Integer> onTheCanary(String text) {
        return sessions(number -> text(session(number).sign()).equals(text));
    }

    private static Attempt edit(String text) throws Exception {
        write(text);
        return live().reload("test");
    }

    private static void write(String text) throws Exception {
        routes.restore();
        routes.replace("result-codes", "expression: " + SHIPPED + "\n", "expression: " + text + "\n");
    }

    private static Attempt harm() throws Exception {
        routes.replace("result-codes", "expression: " + SHIPPED + "\n", "expression: Harmful.\n");
        // The expression asks a text for a field, and no check knows the type of a member.
        routes.replace("storage-standard", "        - process:\n            id: resolve-key-standard\n", """
                        - setVariable:
                            id: note-type
                            description: Notes the type.
                            name: note
                            simple:
                              expression: ${variable.request.fileId.key}
                        - process:
                            id: resolve-key-standard
                """);
        return live().reload("test");
    }

    @Test
    void tenthOfTheSessionsGetsAnEditAndStaysOnItWithARenewedToken() throws Exception {
        Attempt attempt = edit("No.");

        assertThat(attempt.outcome()).isEqualTo(Outcome.CANARY);
        assertThat(attempt.generation()).isEqualTo(first);
        assertThat(live().status().serving().number()).isEqualTo(first);
        assertThat(live().status().canary().number()).isEqualTo(last + 1);
        List<Integer> chosen = onTheCanary("No.");
        assertThat(chosen).hasSizeBetween(SESSIONS / 40, SESSIONS / 4);
        assertThat(sessions(number -> text(session(number).expiring(600).sign()).equals("No."))).isEqualTo(chosen);
        assertThat(sessions(number -> text(session(number).claim("userId", number).sign()).equals("No.")))
                .as("customers with numbers for IDs").hasSizeBetween(SESSIONS / 40, SESSIONS / 4);
        assertThat(textWithoutSession()).isEqualTo(SHIPPED);
        assertThat(live().reload("test").outcome()).isEqualTo(Outcome.CANARY);
    }

    @Test
    void editThatFailsFiveSessionsIsRolledBackAndNoOtherSessionMeetsIt() throws Exception {
        assertThat(harm().outcome()).isEqualTo(Outcome.CANARY);
        List<Integer> chosen = onTheCanary("Harmful.");
        assertThat(chosen).hasSizeGreaterThan(5);

        assertThat(sessions(number -> !chosen.contains(number) && !download(number).text().endsWith("\"0\"}")))
                .isEmpty();
        for (int number : chosen.subList(0, 5)) {
            assertThat(download(number).header("resultCode")).isEqualTo("13");
        }

        await().until(() -> live().status().rejected() != null);
        assertThat(live().status().rejected().stage()).isEqualTo(LiveRoutes.Stage.CANARY);
        assertThat(live().status().rejected().messages()).singleElement().asString()
                .startsWith("5 of the sessions with generation " + (last + 1) + " failed")
                .contains("and 0 of the others");
        assertThat(live().status().serving().number()).isEqualTo(first);
        assertThat(live().status().canary()).isNull();
        assertThat(live().status().stages()).containsKey("rolled back");
        assertThat(download(chosen.get(0)).file()).isEqualTo(FILE);
        assertThat(live().status().filesDiffer()).isTrue();
        assertThat(stage.metrics()).contains("filestream_routes_changes_total{outcome=\"rolled_back\"} 1.0");
    }

    @Test
    void rehearsalKnowsTheOutcomesOfTheActiveRoutesAlone() throws Exception {
        routes.replace("result-codes", "expression: " + SHIPPED + "\n", "expression: Lost.\n");
        routes.replace("storage-standard", "expression: ${variable.request.fileId}\n",
                "expression: ${variable.request.fileId}.lost\n");
        assertThat(live().reload("test").outcome()).isEqualTo(Outcome.CANARY);
        List<Integer> chosen = onTheCanary("Lost.");

        download(sessions(number -> !chosen.contains(number)).get(0));
        assertThat(download(chosen.get(0)).text()).contains("\"13\"");

        await().until(() -> live().status().note().contains("failed (1 downloads)"));
        assertThat(stage.service().bean(RecentRequests.class).list()).extracting(Seen::code).containsOnly("0");
    }

    @Test
    void promotionByHandGivesTheEditToAllSessions() throws Exception {
        assertThat(live().promote("test").outcome()).isEqualTo(Outcome.UNCHANGED);
        edit("No.");

        Attempt promoted = live().promote("test");

        assertThat(promoted.outcome()).isEqualTo(Outcome.SERVES);
        assertThat(promoted.generation()).isEqualTo(last + 1);
        assertThat(onTheCanary("No.")).hasSize(SESSIONS);
        assertThat(textWithoutSession()).isEqualTo("No.");
        await().until(() -> live().status().draining().isEmpty());
        assertThat(live().status().filesDiffer()).isFalse();
    }

    /** Stops the only route that has the files, on the side that the console shows as active. */
    @Test
    void routeThatAnOperatorStopsDuringACanaryIsStoppedForAllSessionsAndStaysSoAfterThePromotion() throws Exception {
        edit("No.");
        List<Integer> chosen = onTheCanary("No.");
        List<Integer> some = List.of(chosen.get(0), chosen.get(1), sessions(it -> !chosen.contains(it)).get(0));
        active().getRouteController().stopRoute("storage-standard");

        await().untilAsserted(() -> assertThat(some).allMatch(session -> download(session).status() == 503));
        live().promote("test");
        assertThat(some).allMatch(session -> download(session).status() == 503);

        active().getRouteController().startRoute("storage-standard");
        assertThat(some).allMatch(session -> download(session).status() == 200);
    }

    private static CamelContext active() {
        return stage.service().bean(Serving.class).current().camel();
    }

    @Test
    void clientThatAsksForMissingFilesRollsNothingBack() throws Exception {
        edit("No.");
        List<Integer> chosen = onTheCanary("No.");

        assertThat(chosen.subList(0, 12)).allMatch(session -> stage.api().download(request("standard", "missing.txt"),
                credentials(TestTokens.access().sign(), session(session).sign())).text().contains("\"13\""));

        await().until(() -> live().status().note().contains("(12 downloads)"));
        assertThat(live().status().canary().number()).isEqualTo(last + 1);
        assertThat(live().status().rejected()).isNull();
    }

    @Test
    void routeOfATimerRunsInOneGenerationAlsoWhileTheOtherDrains() throws Exception {
        tick("first");
        live().reload("test", true);
        try (LoggedLines lines = LoggedLines.ofAll()) {
            await().until(() -> lines.texts().contains("first ticked"));
            tick("second");
            Attempt attempt = live().reload("test");
            assertThat(attempt.outcome()).as("%s", attempt.messages()).isEqualTo(Outcome.CANARY);
            assertThat(onTheCanary(SHIPPED)).hasSize(SESSIONS);
            assertThat(lines.texts()).doesNotContain("second ticked");
            Generation draining = stage.service().bean(Serving.class).current();
            stage.service().bean(Serving.class).enter(() -> null);

            live().promote("test");

            await().until(() -> lines.texts().contains("second ticked"));
            int end = lines.texts().lastIndexOf("first ticked");
            await().until(() -> Collections.frequency(lines.texts(), "second ticked") > 3);
            assertThat(lines.texts().lastIndexOf("first ticked")).isEqualTo(end);
            assertThat(live().status().draining()).contains(draining.number());
            draining.exit();
        }
    }

    private static void tick(String word) throws Exception {
        routes.add("tick", """
                - route:
                    id: tick
                    description: Runs all the time.
                    routeConfigurationId: result-codes
                    from:
                      id: from-tick
                      description: Each second.
                      uri: timer:tick
                      parameters: {delay: 0, period: 1000}
                      steps:
                        - log:
                            id: log-tick
                            description: Says that it ran.
                            message: WORD ticked
                """.replace("WORD", word));
    }

    /** Its throttle takes one download a minute, so it serves one session and refuses the others. */
    @Test
    void editThatRefusesSessionsWaitsAndOneThatDoesNoHarmServesAllSessionsAfterTheWatch() throws Exception {
        try (Stage hasty = stage("2s")) {
            LiveRoutes live = hasty.service().bean(LiveRoutes.class);
            routes.replace("storage-standard", "        - process:\n            id: resolve-key-standard\n", """
                            - throttle:
                                id: throttle
                                description: One download a minute.
                                constant:
                                  expression: "1"
                                rejectExecution: true
                                timePeriodMillis: "60000"
                            - process:
                                id: resolve-key-standard
                    """);
            assertThat(live.reload("test").outcome()).isEqualTo(Outcome.CANARY);
            assertThat(live.status().stage()).isEqualTo("watching");
            assertThat(sessions(number -> download(hasty, number).status() == 503)).hasSizeGreaterThan(3);

            await().atMost(Duration.ofSeconds(30)).until(() -> live.status().note().contains("It waits for"));
            assertThat(live.status().note()).contains("of the sessions with generation 2 were refused");
            assertThat(live.status().serving().number()).isEqualTo(1);

            write("No.");
            assertThat(live.reload("test").outcome()).isEqualTo(Outcome.CANARY);
            assertThat(sessions(number -> download(hasty, number).status() == 200)).hasSize(SESSIONS);
            await().atMost(Duration.ofSeconds(30)).until(() -> live.status().serving().number() == 3);
            assertThat(live.status().canary()).isNull();
            assertThat(live.status().stages()).containsKey("serves");
            assertThat(hasty.metrics()).contains("filestream_routes_changes_total{outcome=\"serves\"} 1.0");
        }
    }
}
