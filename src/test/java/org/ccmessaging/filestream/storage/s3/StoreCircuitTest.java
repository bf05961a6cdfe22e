package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Call;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The circuit opens while the store is down, and never for a customer whose files the store can send. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "S3 circuit")
class StoreCircuitTest {

    private static final Duration OPEN_TIME = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - WINDOW.toNanos());
    private final Deadlines deadlines = ObjectGets.deadlines(clock::get, Map.of());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final StoreCircuit circuit = new StoreCircuit(deadlines, OPEN_TIME, "standard", meters);

    private static Origin origin(String tenant, Object user, Object key) {
        return ObjectGets.origin("standard", tenant, user, key);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private List<Call> begin(int calls, String tenant, int users, int keys) {
        return IntStream.range(0, calls).mapToObj(i -> circuit.begin(origin(tenant, i % users, i % keys))).toList();
    }

    private void fail(int calls, int users, int keys) {
        begin(calls, "demo", users, keys).forEach(call -> call.failed(new IOException("reset")));
    }

    private void succeed(int calls) {
        begin(calls, "healthy", 1, calls).forEach(Call::succeeded);
    }

    private void open() {
        fail(10, 10, 10);
        assertThat(circuit.state()).isEqualTo("open");
        assertThat(meters.get("filestream.s3.circuit").tags("branches", "standard", "state", "open").gauge().value())
                .isOne();
    }

    private void assertRefused(Origin origin) {
        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> circuit.begin(origin))
                .withMessageContaining("circuit").withNoCause();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 1000", "1000, 1"})
    void failuresOfOneSessionOrOneKeyLeaveTheCircuitClosedWhileAnybodyIsServed(int users, int keys) {
        for (int second = 0; second < 60; second++) {
            fail(1_000, users, keys);
            succeed(1);
            pass(Duration.ofSeconds(1));
        }
        assertThat(circuit.state()).isEqualTo("closed");
    }

    @ParameterizedTest
    @CsvSource({"9, 0, closed", "10, 0, open", "10, 9, open", "10, 10, closed"})
    void failuresOfSeveralSessionsAndKeysOpenItIfTheyOutnumberTheSuccesses(int failures, int successes, String state) {
        succeed(successes);
        fail(failures, failures, failures);
        assertThat(circuit.state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"1, closed", "2, open"})
    void successesOfTheWindowBeforeCountToo(int windows, String state) {
        fail(1, 1, 1);
        succeed(1_000);
        IntStream.range(0, windows).forEach(i -> {
            pass(WINDOW);
            fail(1, 1, 1);
        });
        fail(10, 10, 10);

        assertThat(circuit.state()).isEqualTo(state);
    }

    /** As behind a gateway whose disks are gone: each client waits for its deadline of 10 s, so few GETs end. */
    @ParameterizedTest
    @CsvSource({"16, 10, 0, open", "9, 10, 0, closed", "16, 9, 0, closed", "16, 10, 1, closed"})
    void failuresOfOneKeyOpenItIfNobodyIsServedWithinTheWindow(int silent, int seconds, int good, String state) {
        pass(Duration.ofHours(1));
        Call first = circuit.begin(origin("demo", 1, 1));
        pass(Duration.ofNanos(1));
        List<Call> others = begin(silent - 1, "demo", 1, 1);
        // The first one began before so many seconds, and no other one.
        pass(Duration.ofSeconds(seconds).minusNanos(1));
        succeed(good);

        Stream.concat(Stream.of(first), others.stream())
                .forEach(call -> call.failed(new SocketTimeoutException("Read timed out")));

        assertThat(circuit.state()).isEqualTo(state);
    }

    @Test
    void objectWhoseBytesArriveIsServed() {
        Call slow = circuit.begin(origin("healthy", 1, 1));
        for (int second = 0; second < 60; second++) {
            fail(100, 1, 1);
            slow.progressed();
            pass(Duration.ofSeconds(1));
        }
        assertThat(circuit.state()).isEqualTo("closed");
    }

    @Test
    void openCircuitRefusesTheKeysAndSessionsThatFailedAndNobodyElse() {
        open();

        assertRefused(origin("demo", 1, "other"));
        assertRefused(origin("demo", "other", 1));
        List<Call> burst = begin(16, "healthy", 1, 16);
        assertThat(circuit.state()).isEqualTo("half-open");
        burst.forEach(Call::succeeded);
        assertThat(circuit.state()).isEqualTo("closed");
        succeed(100);
        fail(9, 9, 9);
        assertThat(circuit.state()).as("the former failures are forgotten").isEqualTo("closed");
    }

    @Test
    void keyAndSessionThatFailedTryOnceInEachOpenTime() {
        open();
        for (int round = 0; round < 3; round++) {
            pass(OPEN_TIME.minusNanos(1));
            assertRefused(origin("demo", 1, 1));
            pass(Duration.ofNanos(1));
            Call probe = circuit.begin(origin("demo", 1, 1));
            assertRefused(origin("demo", 1, 1));
            probe.failed(new IOException("reset"));
            assertThat(circuit.state()).isEqualTo("open");
        }
        pass(OPEN_TIME);
        circuit.begin(origin("demo", 1, 1)).succeeded();
        assertThat(circuit.state()).isEqualTo("closed");
    }

    @Test
    void aTenantTriesTheStoreWithHalfOfTheProbes() {
        open();
        begin(16, "second", 16, 16);
        assertRefused(origin("second", "other", "other"));
        List<Call> probes = begin(16, "third", 16, 16);
        assertRefused(origin("fourth", 1, 1));

        probes.get(0).abandoned();
        circuit.begin(origin("fourth", 1, 1)).failed(new IOException("reset"));
        circuit.begin(origin("fourth", 2, 2));
        assertRefused(origin("fourth", 3, 3));
    }

    @Test
    void probeThatEndsAfterTheCircuitHasClosedTriesNoMore() {
        open();
        begin(16, "healthy", 16, 16).forEach(Call::succeeded);
        for (int window = 0; window < 2; window++) {
            pass(WINDOW);
            fail(1, 1, 1);
        }
        fail(11, 11, 11);

        assertThat(circuit.state()).isEqualTo("open");
    }

    @Test
    void onlyWhatBeganAfterItOpenedClosesIt() {
        Call before = circuit.begin(origin("healthy", 1, 1));
        open();
        before.succeeded();
        assertThat(circuit.state()).isEqualTo("open");

        Call slow = circuit.begin(origin("healthy", 1, 2));
        pass(WINDOW);
        slow.progressed();
        assertThat(circuit.state()).as("a body that its client reads slowly").isEqualTo("half-open");
        pass(Duration.ofNanos(1));
        slow.progressed();
        assertThat(circuit.state()).isEqualTo("closed");
    }

    @Test
    void onlyTheFirstEndOfAGetCounts() {
        List<Call> calls = begin(10, "demo", 10, 10);
        calls.forEach(Call::succeeded);
        calls.forEach(call -> call.failed(new IOException("reset")));
        assertThat(circuit.state()).isEqualTo("closed");

        List<Call> late = begin(20, "demo", 20, 20);
        late.forEach(call -> call.failed(new IOException("status 504")));
        late.forEach(Call::succeeded);
        assertThat(circuit.state()).isEqualTo("open");
    }

    /** Neither as a failure nor as a success. */
    @Test
    void getThatTheServiceEndsCountsNothing() {
        for (Exception ours : List.of(new ConnectionPoolTimeoutException("full"), new RequestAbortedException("stop"),
                new InterruptedIOException("interrupted before the request went out"))) {
            begin(50, "demo", 50, 50).forEach(call -> call.failed(ours));
        }
        deadlines.within(new Deadline(clock.get(), "test"), () -> {
            begin(50, "demo", 50, 50).forEach(call -> call.failed(SdkClientException.create("too late")));
            return null;
        });
        Thread.currentThread().interrupt();
        fail(50, 50, 50);
        assertThat(Thread.interrupted()).isTrue();
        begin(50, "demo", 50, 50).forEach(Call::abandoned);
        fail(9, 9, 9);
        assertThat(circuit.state()).isEqualTo("closed");

        fail(1, 1, 100);
        assertThat(circuit.state()).as("a session that has failed").isEqualTo("closed");
        begin(1, "other", 1, 1).get(0).failed(new IOException("reset"));
        assertThat(circuit.state()).isEqualTo("open");
    }

    @Test
    void circuitWithoutAnOpenTimeNeverOpens() {
        StoreCircuit off = new StoreCircuit(deadlines, Duration.ZERO, "local", meters);
        IntStream.range(0, 100).mapToObj(i -> off.begin(origin("demo", i, i)))
                .forEach(call -> call.failed(new IOException("reset")));
        assertThat(off.state()).isEqualTo("closed");
    }

    @Test
    void circuitRemembersAThousandKeysAndSessions() {
        fail(2_000, 2_000, 2_000);
        assertRefused(origin("demo", 1_500, "any"));
        assertThat(circuit.begin(origin("demo", 1_499, "any"))).isNotNull();
    }
}
