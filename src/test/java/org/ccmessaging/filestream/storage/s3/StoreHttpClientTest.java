package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequestInterceptor;
import org.apache.http.impl.client.HttpClientBuilder;
import org.ccmessaging.filestream.storage.S3Settings.VerifyResponses;
import org.ccmessaging.filestream.storage.s3.BucketEndpoint.SignedGet;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.ccmessaging.filestream.storage.s3.StoreHttpClient.ObjectBody;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** GETs wait for a permit, the circuit counts each of them once, and connections return to the pool. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = {"S3 circuit", "Response rejected"})
class StoreHttpClientTest {

    private static final byte[] FILE = Stage.content(100_000);
    private static final int CONNECTIONS = 60;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicLong skipped = new AtomicLong();
    private final Deadlines deadlines = ObjectGets.deadlines(() -> System.nanoTime() + skipped.get(), Map.of());
    private final StoreCircuit circuit = new StoreCircuit(deadlines, Duration.ofMinutes(10), "standard", meters);
    private final Semaphore permits = new Semaphore(2, true);
    /** Interceptors that the client calls before it sends a request; each intercepts one request. */
    private final Queue<HttpRequestInterceptor> before = new ConcurrentLinkedQueue<>();
    @AutoClose
    private final FaultyServer store = new FaultyServer();
    @AutoClose
    private StoreConnections connections;
    private StoreHttpClient client;

    @BeforeEach
    void start() throws Exception {
        store.put("good", FILE, Turn::right);
        store.put("breaks", FILE, turn -> {
            turn.rightHead();
            turn.endAfter(50_000);
        });
        HttpRequestInterceptor nothing = (request, context) -> { };
        connections = new StoreConnections(HttpClientBuilder.create().addInterceptorFirst((HttpRequestInterceptor)
                (request, context) -> Objects.requireNonNullElse(before.poll(), nothing).process(request, context)),
                ObjectGets.settings("filestream.s3", Map.of("max-connections", CONNECTIONS)),
                new StoreTls(null, null), deadlines);
        connections.registerMeters(meters, Tags.empty());
        client = new StoreHttpClient(circuit, permits, connections,
                new ResponseVerification(VerifyResponses.AUTO, meters, Tags.empty(), false));
    }

    /** Sends a GET of another customer each time, for a key of its own. */
    private ObjectResponse send(String name, Map<String, String> headers) throws IOException {
        int number = sent.incrementAndGet();
        return client.send(new SignedGet(HttpHost.create(store.endpoint().toString()), "/standard/demo/" + name
                + "?response-content-language=x-1", new TreeMap<>(headers), "x-1"),
                ObjectGets.origin("standard", "demo", number, name + number));
    }

    private ObjectBody open(String name) throws IOException {
        return send(name, Map.of()).body();
    }

    private ObjectBody openWithin(int millis, String name) throws IOException {
        return deadlines.within(new Deadline(deadlines.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), "test"),
                () -> open(name));
    }

    private void read(String name) throws IOException {
        try (InputStream body = open(name)) {
            assertThat(body.readAllBytes()).isEqualTo(FILE);
        }
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
        repeat(5, () -> open("good"));
        assertThat(permits.availablePermits()).as("bodies that are read slowly").isEqualTo(2);
        store.put("reset", FILE, Turn::reset);
        repeat(10, () -> assertThatExceptionOfType(IOException.class).isThrownBy(() -> open("reset")));
        assertThat(store.requests("reset")).isEqualTo(10);
        assertThat(permits.availablePermits()).isEqualTo(2);
    }

    /** Others hold all permits, and their responses do not arrive. */
    @Test
    void requestGoesOutWithoutAPermitAfterAWaitUnlessItsThreadIsInterrupted() throws Exception {
        permits.acquire(2);

        read("good");

        assertThat(permits.availablePermits()).isZero();
        permits.release(2);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> read("good"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(permits.availablePermits()).isEqualTo(2);
        assertThat(store.requests("good")).isOne();
    }

    @Test
    void responseAfterTheEndOfItsExchangeGivesItsConnectionBack() throws Exception {
        ObjectGet get = new ObjectGet(RequestObject.complete("standard", "demo/large"), ObjectGets.ORIGIN,
                deadlines.ofFirstByte());
        store.put("large", Stage.content(5_000_000), Turn::right);
        get.abandon();
        get.responded(send("large", Map.of()), null);
        assertThat(connections("leased")).isZero();
    }

    @Test
    void requestHasItsSignedHeadersItsIdAndItsOwnConnectionUntilANonceCameBack() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        store.put("signed", FILE, turn -> {
            seen.addAll(turn.headers("x-signed"));
            seen.addAll(turn.headers("X-Request-Id"));
            seen.addAll(turn.headers("Connection"));
            turn.right();
        });
        send("signed", Map.of("x-signed", "yes")).body().abort();
        OwnThread.run(() -> {
            MDC.put(RequestId.FIELD, "r-1");
            send("signed", Map.of("x-signed", "yes")).body().abort();
        }).join();

        assertThat(seen).containsExactly("yes", "close", "yes", "r-1", "Keep-Alive");
    }

    private double connections(String state) {
        return meters.get("filestream.s3.connections").tag("state", state).gauge().value();
    }

    /** The other request here is one whose response comes twice. */
    @Test
    void requestWithARejectedResponseIsRepeatedOnAConnectionThatServedNoOtherRequest() throws Exception {
        store.put("twice", FILE, turn -> {
            turn.right();
            turn.withLanguage("x-2").right();
        });
        store.put("rejected", FILE, turn -> (turn.isFirst() ? turn.withLanguage("x-2") : turn).right());
        read("good");
        try (InputStream body = open("good")) {
            read("good");
            body.readAllBytes();
        }
        before.add((request, context) -> assertThat(connections("available")).isEqualTo(2));
        before.add((request, context) -> {
            assertThat(connections("available")).isZero();
            read("twice");
        });

        read("rejected");

        store.put("rejected", FILE, turn -> turn.withLanguage("x-2").right());
        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> open("rejected"));
        assertThat(connections("leased")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"150, 10, true", "250, 10, false", "1, 15000, true", "1, 17000, false"})
    void headHasAtMost200LinesOf16KilobytesEach(int lines, int length, boolean served) throws Exception {
        String[] more = Collections.nCopies(lines, "x-more: " + "x".repeat(length)).toArray(String[]::new);
        store.put("head", FILE, turn -> turn.right(more));

        if (served) {
            read("head");
        } else {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> open("head"));
        }
    }

    /** Apache's pool looks at a connection that was idle for 2 s, by a read that must not wait. */
    @Test
    void idleConnectionIsUsedAgainAtOnceAndClosedWhenTheServiceStops() throws Exception {
        repeat(2, () -> read("good"));
        assertThat(connections("available")).isEqualTo(1);
        Thread.sleep(2_500);
        assertTimeoutPreemptively(Duration.ofSeconds(8), () -> read("good"));
        connections.close();
        assertThat(connections("available")).isZero();
    }

    @Test
    void requestThatWaitsForAConnectionIsServedOrIsNoFailureOfTheStore() throws Exception {
        List<ObjectBody> held = new ArrayList<>();
        repeat(CONNECTIONS, () -> held.add(open("good")));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> openWithin(300, "good"));
        List<CompletableFuture<Void>> waiting =
                List.of(OwnThread.run(() -> read("good")), OwnThread.run(() -> read("good")));
        await().until(() -> meters.get("filestream.s3.connections.pending").gauge().value() == 2);

        for (InputStream body : held) {
            body.close();
        }

        waiting.forEach(CompletableFuture::join);
        assertThat(circuit.state()).isEqualTo("closed");
    }

    @Test
    void connectionServesAnotherRequestAfterAnErrorUnlessTheErrorIsTooLong() throws Exception {
        store.put("missing", FILE, turn -> turn.error(404, "NoSuchKey"));
        store.put("long", FILE, turn -> {
            turn.head(403, "Content-Length: 100000");
            turn.send("x".repeat(100_000));
        });
        read("good");

        assertThatExceptionOfType(NoSuchKeyException.class).isThrownBy(() -> open("missing"));
        assertThat(connections("available")).isEqualTo(1);
        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> open("long"));
        assertThat(connections("available")).isZero();
        assertThat(connections("leased")).isZero();
    }

    /** Such as an object of which the response has only a link. */
    @Test
    void bodyThatBreaksIsAFailureAndOneThatIsCompleteOrNotNeededIsASuccess() throws Exception {
        repeat(5, () -> read("good"));
        repeat(5, () -> open("good").abort());
        breakBodies(10);
        assertThat(circuit.state()).isEqualTo("closed");
        breakBodies(1);
        assertThat(circuit.state()).isEqualTo("open");

        open("good").abort();
        assertThat(circuit.state()).isEqualTo("closed");
    }

    @ParameterizedTest
    @CsvSource({"300, true, closed", "404, true, closed", "404, false, open", "499, true, closed", "500, true, open"})
    void completeErrorBelow500IsASuccess(int status, boolean complete, String state) throws Exception {
        breakBodies(10);
        store.put("error", FILE, turn -> {
            turn.head(status, "Content-Length: 1");
            turn.send(complete ? "x" : "");
            turn.close();
        });
        assertThatExceptionOfType(SdkException.class).isThrownBy(() -> open("error"));
        assertThat(circuit.state()).isEqualTo(state);
    }

    @Test
    void bodyThatArrivesFor10SecondsIsASuccessAndOneThatTheServiceAbortsBeforeIsNot() throws Exception {
        breakBodies(10);
        ObjectBody body = open("good");
        body.readNBytes(10_000);
        assertThat(circuit.state()).isEqualTo("half-open");
        body.abort();
        assertThat(circuit.state()).isEqualTo("open");

        body = open("good");
        body.readNBytes(10_000);
        skipped.addAndGet(TimeUnit.SECONDS.toNanos(11));
        body.readNBytes(10_000);
        assertThat(circuit.state()).isEqualTo("closed");
    }

    /** The end of the body has returned the connection to the pool. Before it, an abort closes the connection. */
    @ParameterizedTest
    @CsvSource({"100000, 1", "99999, 0"})
    void abortKeepsTheConnectionOfABodyThatHasBeenRead(int bytes, double available) throws Exception {
        read("good");
        ObjectBody body = open("good");
        body.readNBytes(bytes);
        if (bytes == FILE.length) {
            assertThat(body.read()).isNegative();
        }

        body.abort();

        assertThat(connections("available")).isEqualTo(available);
    }

    /** A dead store that accepts connections must open the circuit, even if our deadline ends the waits. */
    @ParameterizedTest
    @CsvSource({"3000, '', open", "3000, HTTP/1.1 404 No, open", "100, '', closed"})
    void silenceCountsUnlessADeadlineLeftTheStoreNoTime(int millis, String head, String state) {
        store.put("silent", FILE, turn -> {
            turn.send(head.isEmpty() ? "" : head + "\r\nContent-Length: 1\r\n\r\n");
            turn.stall();
        });

        OwnThread.each(50, i -> assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> openWithin(millis, "silent"))).forEach(CompletableFuture::join);

        assertThat(circuit.state()).isEqualTo(state);
    }
}
