package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.FILE_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.StoreTurn;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No store keeps a request in flight for ever, and a dead one costs little (decision 0013). */
@Tag("service")
@Execution(ExecutionMode.CONCURRENT)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class StoreDeadlineTest {

    private static final int SIZE = 400_000;

    /** Each of these would take minutes or never end if only the time between two bytes had a limit. */
    private static final Duration SOON = Duration.ofSeconds(30);

    @AutoClose
    private static FaultyServer store;
    /** Its deadline for the first chunk is short. */
    @AutoClose
    private static Stage stage;
    /** Its deadline for a later chunk is short. */
    @AutoClose
    private static Stage stalling;

    @BeforeAll
    static void start() throws Exception {
        store = new FaultyServer();
        store.put("good", Stage.content(SIZE), StoreTurn::right);
        Map<String, Object> settings = new HashMap<>();
        settings.put("filestream.s3.read-timeout", "10m");
        settings.put("filestream.s3.max-attempts", "10");
        settings.put("filestream.s3.circuit-open-time", "0s");
        settings.put("filestream.download.first-byte-timeout", "1s");
        stage = Stage.impatient(store, settings);
        settings.put("filestream.download.first-byte-timeout", "20s");
        settings.put("filestream.download.stall-timeout", "1s");
        settings.put("filestream.routes.timeout", "3s");
        stalling = Stage.impatient(store, settings);
        // A cold service may take longer than the deadline.
        await().atMost(SOON).until(() -> download(stage, "good").endsWith("\"0\"}"));
    }

    private static String download(Stage from, String name) {
        return from.api().download(request("standard", name)).text();
    }

    /** Each byte of the object on its own, 100 ms apart. */
    private static void trickle(StoreTurn turn, int from) throws IOException {
        for (int at = Math.max(from, turn.from()); at < turn.length(); at++) {
            turn.send(new byte[] {turn.content()[at]});
            turn.pause(100);
        }
    }

    private static Arguments endless(String name, String end, Script script) {
        return Arguments.of(name, end, script);
    }

    /** {@code StoreFault} has a head and an error without end. */
    private static Stream<Arguments> storesThatNeverComeToAnEnd() {
        return Stream.of(
                endless("silent", READ_BROKEN, StoreTurn::stall),
                endless("interim responses", READ_BROKEN,
                        turn -> turn.sendForEver("HTTP/1.1 103 Early Hints\r\n\r\n", 50)),
                endless("first chunk that trickles", READ_BROKEN, turn -> {
                    turn.rightHead();
                    trickle(turn, 0);
                }),
                endless("fails and fails", "\"}", turn -> {
                    turn.pause(400);
                    turn.error(503, "SlowDown");
                }),
                endless("stalls after each resume", BROKEN_TAIL, turn -> {
                    turn.rightHead();
                    turn.upTo(200_000);
                    turn.stall();
                }),
                endless("later chunk that trickles", BROKEN_TAIL, turn -> {
                    turn.rightHead();
                    turn.upTo(200_000);
                    trickle(turn, 200_000);
                }));
    }

    /** The deadline of the first chunk, or of a later one where the response has started. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("storesThatNeverComeToAnEnd")
    void downloadEndsAtItsDeadline(String name, String end, Script script) {
        store.put(name, Stage.content(SIZE), script);
        Stage shortDeadline = end.equals(BROKEN_TAIL) ? stalling : stage;

        assertThat(assertTimeoutPreemptively(SOON, () -> download(shortDeadline, name)))
                .startsWith(end.equals(BROKEN_TAIL) ? FILE_HEAD : "{\"resultCode\":\"13\"").endsWith(end);
        assertThat(store.requests(name)).isLessThan(10);
    }

    @Test
    void firstChunkThatTricklesEndsWithTheTimeOfTheRoutes() {
        store.put("trickling-first", Stage.content(SIZE), turn -> {
            turn.rightHead();
            turn.sendForEver("x", 100);
        });
        try (LoggedLines lines = new LoggedLines("download")) {
            assertThat(assertTimeoutPreemptively(SOON, () -> download(stalling, "trickling-first")))
                    .isEqualTo(READ_BROKEN);

            await().untilAsserted(() -> assertThat(lines.list()).anySatisfy(line ->
                    assertThat(line.getKeyValuePairs().toString()).contains("filestream.routes.timeout")));
        }
    }

    /** The client resets before the first chunk, and only the last 10,848 bytes of the object trickle. */
    @Test
    void permitOfAClientThatIsGoneIsBackWhileTheStoreStillTrickles() throws Exception {
        CompletableFuture<Void> requested = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        store.put("left", Stage.content(60_000), turn -> {
            turn.rightHead();
            requested.complete(null);
            gone.join();
            turn.upTo(49_152);
            turn.sendForEver("x", 100);
        });
        try (Socket client = stalling.api().slowReader(request("standard", "left"))) {
            requested.join();
            client.setSoLinger(true, 0);
        }
        gone.complete(null);

        stalling.awaitInFlight(0);
    }

    /** Apache's pool looks at a connection that was idle for 2 s, by a read that must not wait. */
    @Test
    void idleConnectionIsUsedAgainAtOnce() throws Exception {
        store.put("idle", Stage.content(SIZE), StoreTurn::right);
        assertThat(download(stalling, "idle")).endsWith("\"0\"}");
        Thread.sleep(2_500);

        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(8), () -> download(stalling, "idle")))
                .endsWith("\"0\"}");
    }

    private static List<CompletableFuture<Answer>> together(Stage stage, int clients, String name) {
        return OwnThread.each(clients, client -> stage.api().download(request("standard", name)));
    }

    private static String health(Stage stage) {
        return stage.service().management().get("/actuator/health/storage").text();
    }

    /** Two connections for many downloads that each keep one: the others wait, and no health check does. */
    @Test
    void poolThatIsSmallerThanThePermitsIsNoStoreThatIsDown() throws Exception {
        try (FaultyServer slow = new FaultyServer()) {
            slow.put("slow", Stage.content(SIZE), turn -> {
                turn.rightHead();
                turn.upTo(200_000);
                turn.pause(300);
                turn.send(Arrays.copyOfRange(turn.content(), 200_000, SIZE));
            });
            try (Stage small = Stage.impatient(slow, Map.of("filestream.s3.max-connections", "2",
                    "filestream.health.probe-interval", "100ms"))) {
                for (CompletableFuture<Answer> download : together(small, 12, "slow")) {
                    assertThat(small.service().management().get("/actuator/health/storage").status()).isEqualTo(200);
                    assertThat(download.get().text()).endsWith("\"resultCode\":\"0\"}");
                }
                assertThat(health(small)).contains("\"circuit\":\"closed\"");
            }
        }
    }
}
