package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * No store keeps a request in flight for ever, and a dead one costs little (decision 0013). {@code StoreFault} has
 * stores that never come to an end.
 */
@Tag("service")
@Execution(ExecutionMode.CONCURRENT)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class StoreDeadlineTest {

    private static final int SIZE = 400_000;

    /** Each of these would take minutes or never end if only the time between two bytes had a limit. */
    private static final Duration SOON = Duration.ofSeconds(30);

    @AutoClose
    private static FaultyServer store;
    /** Its deadline for a later chunk is short. */
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        store = new FaultyServer();
        store.put("good", Stage.content(SIZE), Turn::right);
        Map<String, Object> settings = new HashMap<>();
        settings.put("filestream.s3.read-timeout", "10m");
        settings.put("filestream.s3.circuit-open-time", "0s");
        settings.put("filestream.download.first-byte-timeout", "5s");
        settings.put("filestream.download.stall-timeout", "1s");
        stage = Stage.impatient(store, settings);
        // A cold service may take longer than the deadline.
        await().atMost(SOON).until(() -> download("good").endsWith("\"0\"}"));
    }

    private static String download(String name) {
        return stage.api().download(request("standard", name)).text();
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
        try (Socket client = stage.api().slowReader(request("standard", "left"))) {
            requested.join();
            client.setSoLinger(true, 0);
        }
        gone.complete(null);

        stage.awaitInFlight(0);
    }

    /** Apache's pool looks at a connection that was idle for 2 s, by a read that must not wait. */
    @Test
    void idleConnectionIsUsedAgainAtOnce() throws Exception {
        store.put("idle", Stage.content(SIZE), Turn::right);
        assertThat(download("idle")).endsWith("\"0\"}");
        Thread.sleep(2_500);

        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(8), () -> download("idle")))
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
