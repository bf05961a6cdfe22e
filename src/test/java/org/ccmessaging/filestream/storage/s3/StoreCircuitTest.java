package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.ScriptedStore;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.StoreTurn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The circuit counts each GET once, by how its body ended (decision 0013). */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class StoreCircuitTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final byte[] FILE = Stage.content(400_000);
    private static final int CLIENTS = 8;

    private final AtomicBoolean done = new AtomicBoolean();
    @AutoClose
    private final ScriptedStore store = new ScriptedStore();
    @AutoClose
    private Stage stage;

    @AfterEach
    void endClients() {
        done.set(true);
    }

    private void start(Map<String, Object> settings) throws Exception {
        stage = Stage.impatient(store, settings);
    }

    private Answer download(String name) {
        return stage.api().download(request("standard", name));
    }

    private String circuit() {
        return stage.health("standard").at("/details/circuit").asText();
    }

    /** Lets clients download without a pause, so that there are always several GETs in flight. */
    private List<CompletableFuture<Void>> downloadOnAndOn(String name) {
        return IntStream.range(0, CLIENTS).mapToObj(i -> OwnThread.run(() -> {
            while (!done.get()) {
                download(name);
            }
        })).toList();
    }

    /**
     * A body that breaks while those of other GETs arrive, each after a time of its own. Without an ETag the read does
     * not resume.
     */
    private static void breakInTheBody(StoreTurn turn) throws IOException {
        turn.headOf(null, "HTTP/1.1 200 OK", "Content-Length: " + turn.length());
        turn.upTo(200_000);
        turn.pause(ThreadLocalRandom.current().nextInt(20, 200));
        turn.close();
    }

    @Test
    void bodiesThatBreakOpenTheCircuitHoweverManyAreInFlight() throws Exception {
        store.put("breaks", FILE, StoreCircuitTest::breakInTheBody);
        start(Map.of("filestream.s3.circuit-open-time", "10m"));

        List<CompletableFuture<Void>> clients = downloadOnAndOn("breaks");

        await().atMost(SOON).until(() -> circuit().equals("open"));
        done.set(true);
        clients.forEach(CompletableFuture::join);
        int requests = store.requests("breaks");
        // Of at least 50 that ended, all were failures, and no more went out.
        assertThat(requests).isBetween(50, 50 + 2 * CLIENTS);
        download("breaks");
        assertThat(store.requests("breaks")).isEqualTo(requests);
    }

    @Test
    void probeWhoseBodyBreaksDoesNotCloseTheCircuit() throws Exception {
        AtomicBoolean well = new AtomicBoolean();
        store.put("file", FILE, turn -> {
            if (well.get()) {
                turn.right();
            } else {
                breakInTheBody(turn);
            }
        });
        start(Map.of("filestream.s3.circuit-open-time", "200ms"));
        downloadOnAndOn("file");
        await().atMost(SOON).until(() -> circuit().equals("open"));
        int probed = store.requests("file");

        await().atMost(SOON).until(() -> {
            assertThat(circuit()).isNotEqualTo("closed");
            return store.requests("file") > probed + 20;
        });
        well.set(true);

        await().atMost(SOON).until(() -> circuit().equals("closed"));
        assertThat(download("file").file()).isEqualTo(FILE);
    }

    /** A read that breaks once and resumes is two GETs, and one of them fails. */
    @Test
    void readsThatBreakOnceAndResumeLeaveTheCircuitClosed() throws Exception {
        store.put("breaks-once", FILE, turn -> {
            if (turn.isForRest()) {
                turn.right();
            } else {
                turn.rightHead();
                turn.upTo(200_000);
                turn.close();
            }
        });
        start(Map.of("filestream.s3.circuit-open-time", "10m"));

        for (int i = 0; i < 40; i++) {
            assertThat(download("breaks-once").file()).isEqualTo(FILE);
        }
        assertThat(circuit()).as("after 80 GETs, of which 40 broke").isEqualTo("closed");
    }

    @Test
    void readThatOurDeadlineEndsIsNoFailureOfTheStore() throws Exception {
        store.put("trickles", FILE, turn -> {
            turn.rightHead();
            turn.upTo(10_000);
            for (int i = 10_000; i < FILE.length; i++) {
                turn.send(new byte[] {FILE[i]});
                turn.pause(5);
            }
        });
        start(Map.of("filestream.s3.circuit-open-time", "10m", "filestream.download.first-byte-timeout", "300ms"));

        List<CompletableFuture<Void>> clients = downloadOnAndOn("trickles");
        await().atMost(SOON).until(() -> store.requests("trickles") > 70);
        done.set(true);
        clients.forEach(CompletableFuture::join);

        assertThat(circuit()).isEqualTo("closed");
    }
}
