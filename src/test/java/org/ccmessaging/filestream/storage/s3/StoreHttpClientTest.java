package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.apache.http.HttpHost;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings.VerifyResponses;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.BucketEndpoint.SignedGet;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.HandClock;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** GETs wait for a permit, the circuit counts each of them once, and connections return to the pool. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class StoreHttpClientTest {

    private static final byte[] FILE = Stage.content(100_000);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Deadlines deadlines = new Deadlines(
            ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of()), System::nanoTime);
    private final StoreCircuit circuit =
            new StoreCircuit(deadlines, Duration.ofMillis(500), "standard", meters, System::nanoTime);
    @AutoClose
    private final ConcurrencyLimit limit = new ConcurrencyLimit(1, 10, System::nanoTime);
    @AutoClose
    private FaultyServer store;
    @AutoClose
    private StoreHttpClient client;

    @BeforeEach
    void start() throws Exception {
        store = new FaultyServer();
        store.put("good", FILE, Turn::right);
        store.put("breaks", FILE, turn -> {
            turn.rightHead();
            turn.upTo(50_000);
            turn.close();
        });
        limit.start(meters, Tags.empty());
        client = client(circuit);
    }

    private StoreHttpClient client(StoreCircuit itsCircuit) {
        return client(itsCircuit, VerifyResponses.OFF);
    }

    private StoreHttpClient client(StoreCircuit itsCircuit, VerifyResponses verify) {
        return new StoreHttpClient(ShippedSettings.of("filestream.s3", S3Settings.class, Map.of()),
                () -> (SSLSocketFactory) SSLSocketFactory.getDefault(), deadlines,
                new ResponseVerification(verify, meters, Tags.empty(), false), itsCircuit, limit, null);
    }

    private Response send(String name) throws IOException {
        return client.send(new SignedGet(HttpHost.create(store.endpoint().toString()), "/standard/demo/" + name,
                new TreeMap<>(), null));
    }

    private StoreHttpClient.Body open(String name) throws IOException {
        return send(name).body();
    }

    private void read(String name) throws IOException {
        try (InputStream body = open(name)) {
            assertThat(body.readAllBytes()).isEqualTo(FILE);
        }
    }

    /** Reads the beginning of a body, as for a client that then disconnects. */
    private void leave(String name) throws IOException {
        StoreHttpClient.Body body = open(name);
        body.read();
        body.abort();
    }

    private void breakBodies(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            InputStream body = open("breaks");
            assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes);
            // Whatever follows does not count.
            body.close();
        }
    }

    private static void repeat(int times, OwnThread.Work work) throws Exception {
        for (int i = 0; i < times; i++) {
            work.run();
        }
    }

    @Test
    void requestHoldsItsPermitUntilItsResponseOrItsFailure() throws Exception {
        repeat(10, () -> read("good"));
        assertThat(limit.hasRoom()).isTrue();

        repeat(5, () -> open("good"));
        assertThat(limit.hasRoom()).as("bodies that are read slowly").isTrue();

        store.put("reset", FILE, Turn::reset);
        repeat(10, () -> assertThatExceptionOfType(IOException.class).isThrownBy(() -> open("reset")));
        assertThat(store.requests("reset")).isEqualTo(10);
        assertThat(limit.hasRoom()).isTrue();
    }

    @Test
    void requestThatIsInterruptedWhileItWaitsIsNotSent() throws Exception {
        limit.acquire();
        limit.acquire();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> open("good"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.requests("good")).isZero();
    }

    @Test
    void requestIsRepeatedUntilItsDeadlineAtMost() {
        store.put("busy", FILE, turn -> {
            turn.pause(400);
            turn.error(503, "SlowDown");
        });
        S3Settings settings = ShippedSettings.of("filestream.s3", S3Settings.class, Map.of(
                "filestream.s3.endpoint", store.endpoint(), "filestream.s3.path-style-access", true,
                "filestream.s3.access-key", "any", "filestream.s3.secret-key", "secret",
                "filestream.s3.max-attempts", 10));
        try (S3Store patient = new S3Store(settings, "standard", null, deadlines, new SimpleMeterRegistry(), false,
                null, null)) {
            Deadline deadline = new Deadline(System.nanoTime() + TimeUnit.SECONDS.toNanos(1), "test");
            assertThatExceptionOfType(SdkException.class).isThrownBy(() ->
                    patient.send(RequestObject.complete("standard", "demo/busy").build(), deadline));
        }
        assertThat(store.requests("busy")).isLessThan(10);
    }

    @Test
    void limitAndWaitingAreShown() {
        assertThat(meters.get("filestream.s3.requests.limit").gauge().value()).isEqualTo(2);
        assertThat(meters.get("filestream.s3.requests.pending").gauge().value()).isZero();
    }

    @Test
    void responseAfterTheEndOfItsExchangeGivesItsConnectionBack() throws Exception {
        client.registerMeters(meters, Tags.empty());
        ObjectLocation location = new ObjectLocation("standard", "demo", "demo/large");
        ObjectGet get = new ObjectGet(RequestObject.complete("standard", "demo/large"), location,
                deadlines.ofFirstByte());
        store.put("large", Stage.content(5_000_000), Turn::right);
        get.abandon();

        get.responded(send("large"), null);

        assertThat(connections("leased")).isZero();
    }

    @Test
    void requestHasItsSignedHeadersAndItsOwnConnectionWithoutVerification() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        store.put("signed", FILE, turn -> {
            seen.addAll(turn.headers("x-signed"));
            seen.addAll(turn.headers("Connection"));
            turn.right();
        });
        client.send(new SignedGet(HttpHost.create(store.endpoint().toString()), "/standard/demo/signed",
                new TreeMap<>(Map.of("x-signed", "yes")), null)).body().abort();

        assertThat(seen).containsExactly("yes", "close");
    }

    private double connections(String state) {
        return meters.get("filestream.s3.connections").tag("state", state).gauge().value();
    }

    @Test
    void connectionServesAnotherRequestAfterAnErrorUnlessTheErrorIsTooLong() throws Exception {
        store.put("missing", FILE, turn -> turn.error(404, "NoSuchKey"));
        store.put("long", FILE, turn -> {
            turn.head(403, "Content-Length: 100000");
            turn.send("x".repeat(100_000));
        });
        client.close();
        client = client(circuit, VerifyResponses.AUTO);
        client.registerMeters(meters, Tags.empty());

        assertThatExceptionOfType(NoSuchKeyException.class).isThrownBy(() -> open("missing"));
        assertThat(connections("available")).isEqualTo(1);
        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> open("long"));
        assertThat(connections("available")).isZero();
        assertThat(connections("leased")).isZero();
    }

    @Test
    void getCountsOnceHoweverItEnds() throws Exception {
        repeat(25, () -> read("good"));
        breakBodies(25);
        assertThat(circuit.state()).as("of reads that each break once and resume").isEqualTo("closed");
        assertThat(shown("closed")).isOne();
        breakBodies(2);
        assertThat(circuit.state()).as("after 52 GETs, of which 27 broke").isEqualTo("open");
        assertThat(shown("closed")).isZero();
        assertThat(shown("open")).isOne();
    }

    private double shown(String state) {
        return meters.get("filestream.s3.circuit").tag("state", state).gauge().value();
    }

    @ParameterizedTest
    @CsvSource({"300, Moved, closed", "404, NoSuchKey, closed", "499, Any, closed", "500, Any, open"})
    void errorCountsFrom500On(int status, String code, String state) throws Exception {
        store.put("error", FILE, turn -> turn.error(status, code));
        repeat(60, () -> assertThatExceptionOfType(SdkException.class).isThrownBy(() -> open("error")));
        assertThat(circuit.state()).isEqualTo(state);
    }

    /** Neither as a failure nor as a success. */
    @ParameterizedTest
    @ValueSource(strings = {"abort", "interrupt", "deadline"})
    void getThatTheServiceEndsCountsNothing(String how) throws Exception {
        for (int i = 0; i < 60; i++) {
            StoreHttpClient.Body body = open("breaks");
            body.read();
            if (how.equals("interrupt")) {
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes);
                assertThat(Thread.interrupted()).isTrue();
            } else if (how.equals("deadline")) {
                deadlines.within(new Deadline(System.nanoTime(), "test"), () ->
                        assertThatExceptionOfType(SdkClientException.class).isThrownBy(body::readAllBytes));
            }
            body.abort();
        }

        breakBodies(49);
        assertThat(circuit.state()).isEqualTo("closed");
        breakBodies(1);
        assertThat(circuit.state()).isEqualTo("open");
    }

    /** The end of the body has returned the connection to the pool. Before it, an abort closes the connection. */
    @ParameterizedTest
    @CsvSource({"100000, 1", "99999, 0"})
    void abortKeepsTheConnectionOfABodyThatHasBeenRead(int bytes, double available) throws Exception {
        client.close();
        client = client(circuit, VerifyResponses.AUTO);
        client.registerMeters(meters, Tags.empty());
        StoreHttpClient.Body body = open("good");
        body.readNBytes(bytes);
        if (bytes == FILE.length) {
            assertThat(body.read()).isNegative();
        }

        body.abort();

        assertThat(connections("available")).isEqualTo(available);
    }

    /** Such as that of a file of which the response has only a link. */
    @Test
    void objectThatTheServiceDoesNotNeedToReadIsASuccess() throws Exception {
        repeat(50, () -> open("good").abort());
        breakBodies(50);
        assertThat(circuit.state()).isEqualTo("closed");

        breakBodies(3);
        assertThat(circuit.state()).isEqualTo("open");
        await().ignoreExceptions().untilAsserted(() -> open("good").abort());
        repeat(4, () -> open("good").abort());
        assertThat(circuit.state()).isEqualTo("closed");
    }

    /** A dead store that accepts connections must open the circuit, even if our deadline ends the waits. */
    @ParameterizedTest
    @CsvSource({"3000, open", "100, closed"})
    void silenceCountsUnlessADeadlineLeftTheStoreNoTime(int millis, String state) {
        store.put("silent", FILE, Turn::stall);
        client.close();
        StoreCircuit other = new StoreCircuit(deadlines, Duration.ofMinutes(10), "standard",
                new SimpleMeterRegistry(), System::nanoTime);
        client = client(other);

        Stream.generate(() -> OwnThread.run(() -> deadlines.within(
                new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), "test"), () ->
                        assertThatExceptionOfType(Exception.class).isThrownBy(() -> open("silent"))))).limit(50)
                .toList().forEach(CompletableFuture::join);

        assertThat(other.state()).isEqualTo(state);
    }

    /** As behind a gateway whose disks are gone: each client waits for its deadline of 10 s, so few GETs end. */
    @ParameterizedTest
    @CsvSource({"16, 10, 0, open", "9, 10, 0, closed", "16, 9, 0, closed", "16, 10, 1, closed"})
    void fewGetsOpenTheCircuitIfNoneSucceedsWithinTheWindow(int silent, int seconds, int good, String state) {
        HandClock time = new HandClock();
        StoreCircuit other = new StoreCircuit(deadlines, Duration.ofMinutes(10), "standard",
                new SimpleMeterRegistry(), time::currentTimeNanos);
        time.advance(Duration.ofHours(1));
        List<StoreCircuit.Call> calls = Stream.generate(() -> {
            time.advance(Duration.ofNanos(1));
            return other.begin();
        }).limit(silent).toList();
        // The first one began before so many seconds, and no other one.
        time.advance(Duration.ofSeconds(seconds).minusNanos(silent - 1));
        Stream.generate(other::begin).limit(good).forEach(StoreCircuit.Call::succeeded);

        calls.forEach(call -> call.failed(new SocketTimeoutException("Read timed out")));

        assertThat(other.state()).isEqualTo(state);
    }

    /** Whatever the clock of the day does meanwhile. */
    @Test
    void openCircuitLetsAProbePassAfterItsTime() {
        HandClock time = new HandClock();
        StoreCircuit other = new StoreCircuit(deadlines, Duration.ofMinutes(10), "standard",
                new SimpleMeterRegistry(), time::currentTimeNanos);
        List<StoreCircuit.Call> calls = Stream.generate(other::begin).limit(10).toList();
        time.advance(Duration.ofSeconds(10));
        calls.forEach(call -> call.failed(new SocketTimeoutException("Read timed out")));
        time.advance(Duration.ofMinutes(10));
        assertThatExceptionOfType(SdkClientException.class).isThrownBy(other::begin);

        time.advance(Duration.ofNanos(1));
        other.begin().succeeded();

        assertThat(other.state()).isEqualTo("half-open");
        List<StoreCircuit.Call> probes = Stream.generate(other::begin).limit(4).toList();
        time.advance(Duration.ofSeconds(10));
        probes.forEach(StoreCircuit.Call::progressed);
        assertThat(other.state()).as("bodies that clients read slowly").isEqualTo("half-open");
        time.advance(Duration.ofNanos(1));
        probes.forEach(StoreCircuit.Call::progressed);
        assertThat(other.state()).isEqualTo("closed");
    }

    @Test
    void probeThatTheServiceEndsLetsAnotherOneTry() throws Exception {
        breakBodies(50);
        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> open("good"))
                .withMessageContaining("circuit");
        assertThat(store.requests("good")).isZero();
        await().ignoreExceptions().untilAsserted(() -> leave("good"));
        repeat(10, () -> leave("good"));
        assertThat(circuit.state()).isEqualTo("half-open");

        repeat(5, () -> read("good"));
        assertThat(circuit.state()).isEqualTo("closed");
    }

    @Test
    void probesWhoseBodiesBreakOpenTheCircuitAgain() throws Exception {
        breakBodies(50);
        await().ignoreExceptions().untilAsserted(() -> breakBodies(5));
        assertThat(circuit.state()).isEqualTo("open");
    }

    @Test
    void getFromBeforeTheCircuitOpenedIsNoProbe() throws Exception {
        InputStream[] before = new InputStream[10];
        for (int i = 0; i < before.length; i++) {
            before[i] = open("good");
        }
        breakBodies(50);
        await().ignoreExceptions().untilAsserted(() -> leave("good"));
        for (InputStream body : before) {
            assertThat(body.readAllBytes()).isEqualTo(FILE);
        }

        assertThat(circuit.state()).isEqualTo("half-open");
        repeat(5, () -> open("good"));
        assertThatExceptionOfType(SdkClientException.class).as("a sixth probe").isThrownBy(() -> open("good"));
    }

    @Test
    void connectionsThatBreakBecauseTheServiceStopsCountNothing() throws Exception {
        InputStream[] bodies = new InputStream[60];
        store.put("stalls", FILE, turn -> {
            turn.rightHead();
            turn.upTo(50_000);
            turn.stall();
        });
        for (int i = 0; i < bodies.length; i++) {
            bodies[i] = open("stalls");
        }
        client.close();
        for (InputStream body : bodies) {
            assertThatExceptionOfType(Exception.class).isThrownBy(body::readAllBytes);
        }

        assertThat(circuit.state()).isEqualTo("disabled");
    }
}
