package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.observe.AlertTimeline.Promtool;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** Each alert fires and resolves when it should, on samples of a real service before, during and after a fault. */
@Tag("full")
@Tag("tools")
@Isolated("collects garbage, and blocks the log for a moment")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExpectedErrors.Of(logger = "filestream", texts = "TokenKeysUnavailableException")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class AlertsTest {

    private static final int SIZE = 400_000;

    private final Set<String> fired = new TreeSet<>();

    @BeforeAll
    static void promtoolIsThere() {
        if (System.getenv("PROMTOOL_REQUIRED") == null) {
            Assumptions.assumeTrue(Promtool.path() != null, "No promtool: install Debian's package prometheus");
        }
        assertThat(Promtool.path()).as("PROMTOOL_REQUIRED is set, but there is no promtool").isNotNull();
    }

    /** What the service exports once it exports this as well. */
    private static String scrapeWith(Stage stage, String sample) {
        await().atMost(Duration.ofSeconds(30)).until(() -> stage.metrics().contains(sample));
        return stage.metrics();
    }

    /** Remembers that the alert has fired, for the last test. */
    private String fires(String alert) {
        fired.add(alert.replaceFirst("\\{.*", ""));
        return alert;
    }

    /** Alerts that fire at the end of a rise, and have ended half an hour later. */
    private void assertFires(String before, String after, int minutes, String... alerts) throws Exception {
        timeline().stays(before, 5).rises(after, minutes).stays(after, 30).firing(4)
                .firing(minutes + 4, Stream.of(alerts).map(this::fires).toArray(String[]::new))
                .firing(minutes + 34).check();
    }

    private static AlertTimeline timeline() throws Exception {
        return new AlertTimeline(false);
    }

    @Test
    void processThatDoesNotRespondIsDownAndSoIsOneThatPrometheusDoesNotKnow() throws Exception {
        Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of());
        String up;
        try (stage) {
            up = stage.metrics();
        }
        assertThatThrownBy(() -> stage.metrics()).hasMessageContaining("/actuator/prometheus");

        timeline().stays(up, 5).down(8).stays(up, 8).absent(8).stays(up, 5)
                .firing(4).firing(6).firing(12, fires("FilestreamDown")).firing(20)
                .firing(28, "FilestreamDown").firing(33).check();
    }

    @Test
    void routeFiresWhileItIsStoppedAndStopsAfterStopAndStart() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            RouteController routes = stage.service().bean(CamelContext.class).getRouteController();
            String started = stage.metrics();
            routes.stopRoute("storage-standard");
            String stopped = stage.metrics();
            routes.startRoute("storage-standard");
            String again = stage.metrics();

            timeline().stays(started, 10).stays(stopped, 10).stays(again, 20)
                    .firing(9).firing(12).firing(18, fires("FilestreamRouteStopped{routeId=\"storage-standard\"}"))
                    .firing(22).firing(39).check();
        }
    }

    @Test
    void storeThatIsDownFiresForItsBranchOnly() throws Exception {
        try (Stage stage = Stage.breakable(Map.of("filestream.health.probe-interval", "100ms",
                "filestream.storage.local.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem"))) {
            stage.put("standard", "hello.txt", Stage.content(100));
            Files.write(stage.root().resolve("local/demo/hello.txt"), Stage.content(100));
            download(stage, 10, "standard", "hello.txt");
            String well = scrapeWith(stage, "filestream_storage_up{branch=\"standard\"} 1.0");
            // They hide no failure.
            download(stage, 400, "standard", "nowhere.txt");
            stage.link().breakAfter(0, FaultyServer.Fault.CLOSE);
            stage.link().drop();
            download(stage, 10, "standard", "hello.txt");
            download(stage, 10, "local", "hello.txt");
            String broken = scrapeWith(stage, "filestream_storage_up{branch=\"standard\"} 0.0");
            stage.link().heal();
            await().until(() -> stage.metrics().contains("filestream_storage_up{branch=\"standard\"} 1.0"));
            download(stage, 10, "standard", "hello.txt");
            String healed = stage.metrics();

            timeline().stays(well, 10).rises(broken, 20).rises(healed, 20)
                    .firing(9).firing(28, fires("FilestreamStorageDown{branch=\"standard\"}"),
                            fires("FilestreamStorageFailing{branch=\"standard\"}"))
                    .firing(32, "FilestreamStorageFailing{branch=\"standard\"}").firing(45).check();
        }
    }

    /** Downloads that are in progress at the same time, on threads that end with them. */
    private static List<CompletableFuture<Answer>> together(Stage stage, int times, String name) {
        return OwnThread.each(times, client -> stage.api().download(request("standard", name)));
    }

    private static void download(Stage stage, int times, String branch, String name) {
        for (int i = 0; i < times; i++) {
            stage.api().download(request(branch, name));
        }
    }

    @Test
    void mistakesOfCustomersPageNobody() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.S3, Map.of())) {
            stage.put("standard", "empty.bin", Stage.content(0));
            stage.put("standard", "huge.bin", Stage.content(Stage.MAX_FILE_SIZE + 1));
            String before = stage.metrics();
            for (String name : List.of("nowhere.bin", "empty.bin", "huge.bin")) {
                download(stage, 10, "standard", name);
            }
            stage.api().download(request("nowhere.bin", "exe", null));
            String after = scrapeWith(stage, "cause=\"too-large\",resultCode=\"13\"} 10.0");

            timeline().stays(before, 5).rises(after, 60).firing(20).firing(64).check();
        }
    }

    private static void rightOrTags(Turn turn, String... tags) throws IOException {
        if (turn.versionOfTags() == null) {
            turn.right();
        } else {
            turn.tags(tags);
        }
    }

    @Test
    void filesWithoutAGoodVerdictOfTheScannerFire() throws Exception {
        try (FaultyServer store = new FaultyServer(); Stage stage = new Stage(Stage.Kind.S3,
                Map.of("filestream.s3.endpoint", store.endpoint(), "filestream.s3.required-tags.scan", "clean"))) {
            store.put("hello.txt", Stage.content(100), turn -> rightOrTags(turn, "scan", "clean"));
            store.put("new.txt", Stage.content(100), AlertsTest::rightOrTags);
            download(stage, 10, "standard", "hello.txt");
            download(stage, 1, "standard", "new.txt");
            String before = scrapeWith(stage, "cause=\"not-scanned\",resultCode=\"13\"} 1.0");
            download(stage, 10, "standard", "new.txt");
            String after = scrapeWith(stage, "cause=\"not-scanned\",resultCode=\"13\"} 11.0");

            assertFires(before, after, 25, "FilestreamFilesNotClean{branch=\"standard\"}");
        }
    }

    @Test
    void issuerThatDoesNotRespondFiresUntilNoDownloadFailsAnyMore() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.auth.token-endpoints", "false",
                "filestream.auth.jwk-set-uri", "http://127.0.0.1:1/keys"))) {
            String before = stage.metrics();
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("any").build();
            JWSSigner signer = new RSASSASigner(new RSAKeyGenerator(2048).generate());
            stage.api().download(request("standard", "hello.txt"), credentials(
                    TestTokens.access().sign(header, signer), TestTokens.session().sign(header, signer)));
            String after = scrapeWith(stage, "resultCode=\"500\"} 1.0");

            assertFires(before, after, 25, "FilestreamServerErrors", "FilestreamKeySetUnavailable");
        }
    }

    @Test
    void downloadsWithoutAPermitFireByTheirReason() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-in-flight", 2,
                "filestream.download.max-in-flight-per-session", 1, "filestream.download.max-file-size", "100MB"))) {
            stage.put("standard", "huge.bin", Stage.content(36 * 1024 * 1024));
            String before = stage.metrics();
            String huge = request("standard", "huge.bin");
            try (Socket mallory = stage.api().slowReader(huge, user("mallory"))) {
                assertThat(mallory.getInputStream().readNBytes(12)).asString().endsWith("200");
                stage.api().download(huge, user("mallory"));
                try (Socket bob = stage.api().slowReader(huge, user("bob"))) {
                    assertThat(bob.getInputStream().readNBytes(12)).asString().endsWith("200");
                    stage.api().download(huge, user("carol"));
                }
            }
            String after = scrapeWith(stage, "filestream_downloads_refused_total{reason=\"busy\"} 1.0");

            assertFires(before, after, 30, "FilestreamManyRefused", "FilestreamRefusing",
                    "FilestreamCustomerLimited{reason=\"session-limit\"}");
        }
    }

    @Test
    void largeBodiesThatAreHalfSentFireAsRefusing() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            stage.put("standard", "hello.txt", Stage.content(100));
            String before = stage.metrics();
            String large = request("standard", "hello.txt").replaceFirst("}$",
                    ",\"more\":\"" + "x".repeat(9_000) + "\"}");
            for (int i = 0; i < 64; i++) {
                clients.add(stage.api().halfSentBody(large, user("user-" + i % 8)));
            }
            await().until(() -> stage.api().download(large, user("bob")).status() == 503);
            String after = stage.metrics();
            assertThat(after).contains("filestream_downloads_refused_total{reason=\"large-bodies\"} 1.0");

            assertFires(before, after, 30, "FilestreamManyRefused", "FilestreamRefusing");
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static String withRefusals(Stage stage, Refusal reason, int count) {
        IntStream.range(0, count).forEach(i -> stage.service().bean(DownloadMeters.class).refused(reason));
        return stage.metrics();
    }

    @Test
    void serviceThatRefusesManyFiresWhateverTheReasonAndASessionAtItsLimitDoesNot() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            stage.put("standard", "hello.txt", Stage.content(100));
            String before = withRefusals(stage, Refusal.DRAINING, 50);
            download(stage, 10, "standard", "hello.txt");
            String one = withRefusals(stage, Refusal.SESSION_LIMIT, 1_000);
            download(stage, 10, "standard", "hello.txt");
            String most = withRefusals(stage, Refusal.THROTTLE, 25);

            timeline().stays(before, 5).rises(one, 12).stays(one, 30).rises(most, 12).stays(most, 30)
                    .firing(4).firing(14).firing(44)
                    .firing(56, fires("FilestreamManyRefused"), "FilestreamRefusing").firing(88).check();
        }
    }

    private static String[] user(String name) {
        return credentials(TestTokens.access().sign(), TestTokens.session().claim("userId", name).sign());
    }

    @Test
    void downloadsThatWaitForAConnectionFire() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (FaultyServer store = new FaultyServer()) {
            store.put("slow", Stage.content(SIZE), turn -> {
                while (answer.getCount() > 0) {
                    turn.pause(20);
                }
                turn.right();
            });
            try (Stage stage = new Stage(Stage.Kind.S3, Map.of("filestream.s3.endpoint", store.endpoint().toString(),
                    "filestream.s3.max-connections", 1, "filestream.s3.adaptive-concurrency", false,
                    "filestream.download.first-byte-timeout", "60s", "filestream.s3.read-timeout", "60s"))) {
                String before = stage.metrics();
                List<CompletableFuture<Answer>> downloads = together(stage, 2, "slow");
                String waiting = scrapeWith(stage,
                        "filestream_s3_connections_pending{branches=\"local,multimedia-library,standard\"} 1.0");
                answer.countDown();
                assertThat(downloads).allSatisfy(download -> assertThat(download.join().status()).isEqualTo(200));
                String after = stage.metrics();

                timeline().stays(before, 5).stays(waiting, 8).stays(after, 5)
                        .firing(4).firing(12, fires("FilestreamStoreConnectionsExhausted")).firing(17).check();
            }
        } finally {
            answer.countDown();
        }
    }

    @Test
    void responsesOfOtherRequestsFireAtOnce() throws Exception {
        try (FaultyServer store = new FaultyServer()) {
            store.put("hello.txt", Stage.content(100), Turn::right);
            store.echo(false);
            try (Stage stage = Stage.impatient(Map.of("filestream.s3.endpoint", store.endpoint().toString(),
                    "filestream.s3.verify-responses", "require"))) {
                String before = stage.metrics();
                download(stage, 2, "standard", "hello.txt");
                String after = scrapeWith(stage, "cause=\"broken\",resultCode=\"13\"} 2.0");

                assertFires(before, after, 3, "FilestreamResponsesUnbound");
            }
        }
    }

    @Test
    void logLinesThatNobodyReadFire() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            ConsoleQueueTest.Console console = new ConsoleQueueTest.Console();
            ConsoleQueue queue = ConsoleQueueTest.queue(console, root.getLoggerContext(), 1);
            queue.start();
            root.addAppender(queue);
            try {
                String before = stage.metrics();
                IntStream.range(0, 1_000).forEach(i -> queue.doAppend(
                        new LoggingEvent(AlertsTest.class.getName(), root, Level.INFO, "line " + i, null, null)));
                String after = stage.metrics();

                assertFires(before, after, 3, "FilestreamLogLinesDropped");
            } finally {
                console.free.countDown();
                root.detachAppender(queue);
                queue.stop();
            }
        }
    }

    @Test
    void rejectedEditOfRoutesFiresUntilItIsFixed(@TempDir Path folder) throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder);
        Map<String, Object> settings =
                Map.of("filestream.routes.directory", folder.toString(), "filestream.routes.live-reload", "true");
        Path edited = folder.resolve("storage-standard.camel.yaml");
        String good = Files.readString(edited);
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, settings)) {
            String before = stage.metrics();
            Files.writeString(edited, good.replace("resolveKey", "resolvKey"));
            String rejected = scrapeWith(stage, "filestream_routes_rejected 1.0");
            Files.writeString(edited, good);
            String fixed = scrapeWith(stage, "filestream_routes_rejected 0.0");

            timeline().stays(before, 5).stays(rejected, 25).stays(fixed, 10)
                    .firing(4).firing(7, fires("FilestreamRoutesEditRejected"))
                    .firing(28, fires("FilestreamRoutesEditRejected")).firing(32).firing(38).check();
        }
    }

    @Test
    void storeThatIsSlowFires() throws Exception {
        try (FaultyServer store = new FaultyServer()) {
            store.put("slow", Stage.content(SIZE), turn -> {
                turn.pause(2_600);
                turn.right();
            });
            store.put("fast", Stage.content(SIZE), Turn::right);
            Map<String, Object> settings = Map.of("filestream.s3.endpoint", store.endpoint().toString());
            try (Stage stage = new Stage(Stage.Kind.S3, settings)) {
                String before = stage.metrics();
                assertThat(together(stage, 4, "slow"))
                        .allSatisfy(download -> assertThat(download.join().status()).isEqualTo(200));
                String slow = scrapeWith(stage, "filestream_download_first_byte_seconds_count{branch=\"standard\"} 4");

                new AlertTimeline(true).stays(quiet(before), 5).rises(quiet(slow), 25).stays(quiet(slow), 20)
                        .firing(4).firing(29, fires("FilestreamSlowFirstByte{branch=\"standard\"}")).firing(49).check();
            }
        }
    }

    /** Without what the garbage of other tests says. */
    private static String quiet(String scraped) {
        return scraped.replaceAll("(?m)^jvm_gc_overhead .*$", "jvm_gc_overhead 0.0");
    }

    @Test
    void readsThatBreakOftenFire() throws Exception {
        try (Stage stage = Stage.breakable(Map.of())) {
            stage.put("standard", "large.bin", Stage.content(SIZE));
            String before = stage.metrics();
            for (int i = 0; i < 40; i++) {
                stage.link().breakOnce(SIZE / 2, FaultyServer.Fault.CLOSE);
                assertThat(stage.api().download(request("standard", "large.bin")).file())
                        .isEqualTo(Stage.content(SIZE));
            }
            String after = scrapeWith(stage, "filestream_reads_resumed_total{outcome=\"resumed\"} 40.0");

            assertFires(before, after, 35, "FilestreamReadsResumed");
        }
    }

    @Test
    void memoryThatIsShortFires() throws Exception {
        String shortOfIt;
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            await().atMost(Duration.ofSeconds(120)).until(() -> {
                for (int i = 0; i < 10; i++) {
                    System.gc();
                }
                return overhead(stage.metrics()) > 0.2;
            });
            shortOfIt = stage.metrics();
        }
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            String restarted = stage.metrics();

            new AlertTimeline(true).stays(shortOfIt, 15).stays(restarted, 10)
                    .firing(5).firing(14, fires("FilestreamMemoryShort")).firing(24).check();
        }
    }

    private static double overhead(String scraped) {
        return Pattern.compile("(?m)^jvm_gc_overhead (\\S+)$").matcher(scraped).results()
                .mapToDouble(sample -> Double.parseDouble(sample.group(1))).sum();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void everyAlertHasFiredAbove() throws Exception {
        Set<String> alerts = Pattern.compile("(?m)- alert: (\\w+)").matcher(Files.readString(AlertTimeline.RULES))
                .results().map(rule -> rule.group(1)).collect(Collectors.toCollection(TreeSet::new));

        assertThat(alerts).hasSizeGreaterThan(13).isEqualTo(fired);
    }
}
