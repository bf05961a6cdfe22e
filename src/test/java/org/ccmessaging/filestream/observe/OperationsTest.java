package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSINESS_FAILURE;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.ccmessaging.filestream.cli.Doctor;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestIssuer;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.FileSystemUtils;

/** What operators see: health, meters, and the lines of the log. */
@Tag("service")
@Isolated("counts the lines of loggers that other tests write to")
@ExpectedErrors.Of(logger = "filestream", texts = "TokenKeysUnavailableException")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class OperationsTest {

    /** For tests that need no settings of their own: each start takes longer than they do. */
    @AutoClose
    private static Stage files;

    @BeforeAll
    static void start() throws Exception {
        files = new Stage(Stage.Kind.FILESYSTEM,
                Map.of("management.endpoint.info.access", "read-only", "filestream.health.probe-interval", "100ms"));
    }

    private static Answer health(Stage stage, String group) {
        return stage.service().management().get("/actuator/health/" + group);
    }

    private static String status(Stage stage, String branch) {
        return stage.health(branch).path("status").asText();
    }

    private static List<String> texts(LoggedLines lines, String logger) {
        return lines.list().stream().filter(line -> line.getLoggerName().contains(logger))
                .map(line -> line.getLevel() + " " + line.getFormattedMessage()).toList();
    }

    @Test
    void serviceStartsAndIsReadyWhileTheStoreIsDownSaysSoAndRecovers() throws Exception {
        try (Stage store = Stage.breakable(Map.of())) {
            store.put("standard", "hello.txt", Stage.content(100));
            await().until(() -> status(store, "standard").equals("UP"));
            store.link().breakAfter(0, FaultyServer.Fault.CLOSE);
            Map<String, Object> settings = new HashMap<>(store.storeSettings());
            settings.put("filestream.health.probe-interval", "100ms");
            try (LoggedLines lines = LoggedLines.ofAll(); Stage stage = new Stage(Stage.Kind.S3, settings)) {
                await().until(() -> status(stage, "standard").equals("DOWN"));
                assertThat(health(stage, "storage").status()).isEqualTo(503);
                assertThat(health(stage, "readiness").status()).isEqualTo(200);
                assertThat(health(stage, "liveness").status()).isEqualTo(200);
                assertThat(stage.metrics()).contains("filestream_storage_up{branch=\"standard\"} 0.0");

                store.link().heal();

                await().atMost(Duration.ofSeconds(20)).until(() -> health(stage, "storage").status() == 200);
                assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
                assertThat(stage.metrics()).contains("filestream_storage_up{branch=\"standard\"} 1.0");
                await().untilAsserted(() -> assertThat(texts(lines, ".StorageHealth"))
                        .filteredOn(line -> line.contains("branch standard")).satisfiesExactly(
                                down -> assertThat(down).startsWith("WARN Storage of branch standard is down: "),
                                back -> assertThat(back).isEqualTo("INFO Storage of branch standard is back")));
            }
        }
    }

    @Test
    void oneStorageThatIsDownLeavesTheServiceReadyAndTheOthersServing() throws Exception {
        files.put("standard", "hello.txt", Stage.content(100));
        await().until(() -> health(files, "storage").status() == 200 && status(files, "local").equals("UP"));
        Path folder = files.root().resolve("local");

        FileSystemUtils.deleteRecursively(folder);
        await().until(() -> status(files, "local").equals("DOWN"));
        assertThat(files.health("local").at("/details/reason").asText()).isEqualTo("no readable folder at " + folder);
        assertThat(health(files, "readiness").status()).isEqualTo(200);
        assertThat(status(files, "standard")).isEqualTo("UP");
        assertThat(files.api().download(request("standard", "hello.txt")).status()).isEqualTo(200);

        try (LoggedLines lines = LoggedLines.ofAll()) {
            Files.createDirectories(folder);
            await().untilAsserted(() -> assertThat(texts(lines, ".StorageHealth"))
                    .containsExactly("INFO Storage of branch local is back"));
        }
        assertThat(health(files, "storage").status()).isEqualTo(200);
    }

    @Test
    void missingCredentialsAreNamedWithTheSettingsAtTheStart() throws Exception {
        System.setProperty("aws.disableEc2Metadata", "true");
        try (LoggedLines lines = LoggedLines.ofAll(); Stage stage = new Stage(Stage.Kind.S3,
                Map.of("filestream.s3.access-key", "", "filestream.s3.secret-key", ""))) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(texts(lines, ".StorageHealth"))
                    .hasSize(3).allSatisfy(line -> assertThat(line).startsWith("WARN ")
                            .contains("filestream.s3.access-key", "filestream.s3.secret-key")));
            assertThat(health(stage, "readiness").status()).isEqualTo(200);
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    @Test
    void credentialsThatMayOnlyReadObjectsAreNoFault() throws Exception {
        try (FaultyServer refusing = new FaultyServer()) {
            refusing.putEverywhere(new byte[0], turn -> turn.error(403, "AccessDenied"));
            refusing.probes(turn -> turn.head(403, "Content-Length: 0"));
            try (Stage stage = Stage.impatient(refusing, Map.of())) {
                await().until(() -> status(stage, "standard").equals("UP"));
            }
        }
    }

    @Test
    void serviceWithoutTheKeysOfItsIssuerIsNotReadySaysSoAndTriesAgain() throws Exception {
        TestIssuer issuer = new TestIssuer();
        issuer.down(true);
        try (issuer; LoggedLines lines = LoggedLines.ofAll();
                Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.health.probe-interval", "100ms",
                "filestream.auth.token-endpoints", "false", "filestream.auth.issuer", issuer.uri(),
                "filestream.auth.jwk-set-uri", issuer.keySet().replace("//", "//me:hush@") + "?key=hush"))) {
            assertThat(health(stage, "readiness").status()).isEqualTo(503);
            await().until(() -> issuer.fetches() > 2);
            assertThat(health(stage, "readiness").json().at("/components/keys/status").asText()).isEqualTo("DOWN");
            String[] tokens =
                    credentials(issuer.sign(TestTokens.access()), issuer.sign(TestTokens.session().expiring(60)));
            assertThat(stage.api().download(request("local", "any.txt"), tokens)).returns(500, Answer::status)
                    .returns(BUSINESS_FAILURE, Answer::text);
            issuer.down(false);
            await().until(() -> health(stage, "readiness").status() == 200);
            assertThat(stage.api().download(request("local", "any.txt"), tokens)).returns(200, Answer::status)
                    .as("only the issuer renews a session").returns(null, answer -> answer.header("ccmessaging-token"));
            String set = "The key set of filestream.auth.jwk-set-uri ";
            await().untilAsserted(() -> assertThat(texts(lines, ".auth.")).satisfiesExactly(
                    down -> assertThat(down).startsWith("WARN " + set + "cannot be fetched: ")
                            .contains("503", "//(hidden)@127", "/keys?(hidden)"),
                    back -> assertThat(back).isEqualTo("INFO " + set + "is back")));
            assertThat(lines.list()).filteredOn(line -> line.getLevel() == Level.ERROR).singleElement()
                    .satisfies(error -> assertThat(error.getFormattedMessage().strip())
                            .startsWith("org.ccmessaging.filestream.failure.TokenKeysUnavailableException: ")
                            .contains("the key set cannot be fetched", "503").hasLineCount(1));
            assertThat(lines.list()).noneMatch(line -> line.getFormattedMessage().contains("hush"));
        }
    }

    @Test
    void serviceWithoutAnS3BranchHasNeitherItsRouteNorItsClient() {
        assertThat(files.service().bean(CamelContext.class).getRoute("read-s3")).isNull();
        assertThat(files.service().bean(ConfigurableListableBeanFactory.class).containsSingleton("s3Client")).isFalse();
    }

    @Test
    void everyDownloadIsOneLogLineAndNoLineHoldsACredential() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.log.user-ids", "plain"));
                LoggedLines lines = LoggedLines.ofAll()) {
            stage.put("local", "hello.txt", Stage.content(100));
            String access = TestTokens.access().sign();
            String session = TestTokens.session().claim("userId", "mallory\nINFO forged line").sign();

            stage.api().download(request("local", "hello.txt"), credentials(access, session));
            stage.api().download(request("local", "nowhere.txt"), credentials(access, session));
            stage.api().download("not json", credentials(access, session));
            stage.api().download("{}", credentials(access, "wrong-session-token"));
            stage.api().download("{\"\u2028\u202e\u0085\":1,\"\u2028\u202e\u0085\":1}", credentials(access, session));

            await().until(() -> downloads(lines).size() == 5);
            // A line follows its response, so the next one may come first.
            assertThat(downloads(lines)).satisfiesExactlyInAnyOrder(
                    served -> assertThat(served).startsWith("{tenantId=demo, channelId=web-1, "
                            + "userId=mallory\\u000aINFO forged line, branch=local, resultCode=0, bytes=100, ms=")
                            .containsPattern("appKey=demo-app, fileId=[0-9a-f]{16}}$"),
                    missing -> assertThat(missing).contains("branch=local, resultCode=13, bytes=0",
                            "reason=no such file"),
                    malformed -> assertThat(malformed).contains("branch=none, resultCode=400",
                            "reason=Not JSON at line 1, column "),
                    refused -> assertThat(refused).contains("branch=none, resultCode=401", "reason=session")
                            .doesNotContain("appKey", "fileId", "tenantId"),
                    odd -> assertThat(odd).as("characters that end a line or turn it around")
                            .contains("'\\u2028\\u202e\\u0085'").matches("[ -~]*"));
            assertThat(lines.list()).allSatisfy(line -> assertThat(line + " " + line.getKeyValuePairs())
                    .doesNotContain(access, session, "wrong-session-token", "demo-secret"));
        }
    }

    @Test
    void doctorPrintsTheHashesOfUserAndFileInTheLineOfADownload() throws Exception {
        files.put("standard", "alice", Stage.content(100));
        try (LoggedLines lines = LoggedLines.ofAll()) {
            files.api().download(request("standard", "alice"));
            await().until(() -> downloads(lines).size() == 1);
            String hash = Doctor.run(Map.of(), "--log-id", "alice").output().strip();
            assertThat(downloads(lines).get(0)).contains("userId=" + hash + ",", "fileId=" + hash + "}");
        }
    }

    /** The reader is told code 13 for most of them; whose fault it is the metric alone says. */
    @Test
    void metersTellCustomersMistakesFromFaultsOfTheStore() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.S3, Map.of("filestream.storage.local.bucket", "nowhere"))) {
            stage.put("standard", "large.bin", Stage.content(1_000_000));
            stage.put("standard", "empty.bin", Stage.content(0));
            stage.put("standard", "huge.bin", Stage.content(Stage.MAX_FILE_SIZE + 1));
            stage.api().download("{}", Api.headers());
            for (String name : new String[] {"large.bin", "nowhere.bin", "empty.bin", "huge.bin"}) {
                stage.api().download(request("standard", name));
            }
            stage.api().download(request("local", "hello.txt"));
            stage.api().download(request("nowhere.bin", "exe", null));
            stage.s3().close();
            stage.api().download(request("standard", "hello.txt"));

            await().untilAsserted(() -> assertThat(stage.metrics().lines()
                    .filter(line -> line.startsWith("filestream_downloads_total"))
                    .map(line -> line.replaceAll("filestream_downloads_total\\{branch=\"(.*)\",cause=\"(.*)\","
                            + "resultCode=\"(.*)\"} 1.0", "$1 $2 $3"))).containsExactlyInAnyOrder(
                    "standard none 0", "none credentials 401", "standard not-found 13", "standard empty 13",
                    "standard too-large 13", "local denied 13", "none file-type 13", "standard unreachable 13"));
            assertThat(stage.metrics()).contains("filestream_download_bytes_total{branch=\"standard\"} 1000000.0",
                    "filestream_download_duration_seconds_count{branch=\"standard\"} 5");
        }
    }

    /** Load balancers then send requests elsewhere. */
    @ParameterizedTest
    @CsvSource({"download-file-stream, Stopped", "token-by-ak-sk, Stopped", "apply-token, Stopped",
        "download-file-stream, Suspended"})
    void readinessIsDownWhileARouteOfTheApiIsNotStarted(String route, String status) throws Exception {
        RouteController routes = files.service().bean(CamelContext.class).getRouteController();
        if (status.equals("Stopped")) {
            routes.stopRoute(route);
        } else {
            routes.suspendRoute(route);
        }
        assertThat(health(files, "readiness")).returns(503, Answer::status)
                .returns("DOWN", answer -> answer.json().at("/components/api/status").asText())
                .returns(status, answer -> answer.json().at("/components/api/details/" + route).asText());
        assertThat(health(files, "liveness").status()).isEqualTo(200);

        if (status.equals("Stopped")) {
            routes.startRoute(route);
        } else {
            routes.resumeRoute(route);
        }
        assertThat(health(files, "readiness").status()).isEqualTo(200);
    }

    @Test
    void infoSaysWhichVersionsRun() {
        JsonNode info = files.service().management().get("/actuator/info").json();

        assertThat(info.at("/build/version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(info.at("/java/version").asText()).isEqualTo(System.getProperty("java.version"));
        assertThat(info.get("camel.version").asText()).isEqualTo(files.service().bean(CamelContext.class).getVersion());
        assertThat(info.at("/git/commit/id").isMissingNode())
                .isEqualTo(getClass().getResource("/git.properties") == null);
    }

    private static List<String> downloads(LoggedLines lines) {
        return lines.list().stream().filter(line -> line.getLoggerName().equals("download"))
                .map(line -> line.getKeyValuePairs().stream().map(pair -> pair.key + "=" + pair.value)
                        .collect(Collectors.joining(", ", "{", "}"))).toList();
    }
}
