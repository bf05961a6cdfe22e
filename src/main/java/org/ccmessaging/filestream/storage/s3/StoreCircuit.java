package org.ccmessaging.filestream.storage.s3;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * A circuit breaker that fails GETs at once while the store is down, so that they do not hold permits until their
 * deadlines (decision 0013). Each GET counts once, unless the service itself ends it.
 */
final class StoreCircuit {

    /** Fewer failures may be due to single objects. */
    private static final int LEAST_REQUESTS = 50;

    /** More than half: a store that breaks each read once fails half of its GETs, and yet serves every file. */
    private static final float FAILURE_RATE_PERCENT = 51;
    private static final int WINDOW_SECONDS = 10;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);

    /** Enough if no GET has succeeded in the window: at a silent store, few clients end few GETs in that time. */
    private static final int LEAST_FAILURES = 10;

    /** Requests that test the store in the half-open state. */
    private static final int PROBES = 5;
    private static final Duration LONGEST_PROBING = Duration.ofSeconds(30);

    /** A body that arrives for so long is a success: a slow client may keep a probe from its end. */
    private static final long LONGEST_PROBE_NANOS = Duration.ofSeconds(10).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(StoreCircuit.class);

    private final Deadlines deadlines;
    private final CircuitBreaker breaker;
    private final LongSupplier clock;
    private volatile boolean stopped;

    /** Failures since the last success. */
    private volatile int failures;
    /** Start of the first GET among these failures. */
    private long failingSince;
    private volatile long lastSuccess;

    /** @param openFor how long the circuit stays open; with 0 it never opens */
    StoreCircuit(Deadlines deadlines, Duration openFor, String branches, MeterRegistry meters, LongSupplier clock) {
        this.deadlines = deadlines;
        this.clock = clock;
        this.lastSuccess = clock.getAsLong();
        this.breaker = CircuitBreaker.of("s3", CircuitBreakerConfig.custom()
                .slidingWindow(WINDOW_SECONDS, LEAST_REQUESTS, SlidingWindowType.TIME_BASED,
                        SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .failureRateThreshold(FAILURE_RATE_PERCENT)
                .waitDurationInOpenState(openFor.isZero() ? LONGEST_PROBING : openFor)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .maxWaitDurationInHalfOpenState(LONGEST_PROBING)
                .clock(new Monotonic(clock))
                .build());
        if (openFor.isZero()) {
            breaker.transitionToDisabledState();
        }
        breaker.getEventPublisher().onStateTransition(event -> {
            if (!stopped) {
                LOG.warn("S3 circuit of {}: {} -> {}", branches, name(event.getStateTransition().getFromState()),
                        name(event.getStateTransition().getToState()));
            }
        });
        for (State state : List.of(State.CLOSED, State.OPEN, State.HALF_OPEN)) {
            Gauge.builder("filestream.s3.circuit", breaker, it -> it.getState() == state ? 1 : 0)
                    .tag("branches", branches).tag("state", name(state))
                    .description("1 for the state of the circuit to the store").register(meters);
        }
    }

    /** With the clock of the day, which resilience4j has by default, an open circuit would follow its changes. */
    private static final class Monotonic extends Clock {

        private final LongSupplier nanoseconds;

        Monotonic(LongSupplier nanoseconds) {
            this.nanoseconds = nanoseconds;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(nanoseconds.getAsLong());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String state() {
        return name(breaker.getState());
    }

    /** Stops counting, because connections break when the service stops, and ends the timer of the half-open state. */
    void stop() {
        stopped = true;
        breaker.transitionToDisabledState();
    }

    /** @throws SdkClientException if the circuit is open; otherwise the caller must report how the GET ends */
    Call begin() {
        if (!breaker.tryAcquirePermission()) {
            // Without a cause: the SDK would repeat the request after an IOException.
            throw SdkClientException.create("the circuit to the store is open, because most requests failed");
        }
        return new Call();
    }

    private void responded() {
        lastSuccess = clock.getAsLong();
        failures = 0;
    }

    private synchronized void failed(long since) {
        failingSince = failures == 0 ? since : failingSince;
        failures++;
        long now = clock.getAsLong();
        if (failures >= LEAST_FAILURES && now - failingSince >= WINDOW_NANOS && now - lastSuccess >= WINDOW_NANOS
                && breaker.getState() == State.CLOSED) {
            breaker.transitionToOpenState();
        }
    }

    /** A GET in flight. Only the first report of its end counts. */
    final class Call {

        private final boolean probe = breaker.getState() == State.HALF_OPEN;
        private final long since = clock.getAsLong();
        private boolean ended;

        void succeeded() {
            responded();
            if (endsNow()) {
                breaker.onSuccess(0, breaker.getTimestampUnit());
            }
        }

        void progressed() {
            if (failures > 0) {
                responded();
            }
            if (probe && clock.getAsLong() - since > LONGEST_PROBE_NANOS) {
                succeeded();
            }
        }

        void failed(Exception failure) {
            if (isOurs(failure)) {
                abandoned();
            } else if (endsNow()) {
                breaker.onError(0, breaker.getTimestampUnit(), failure);
                StoreCircuit.this.failed(since);
            }
        }

        void abandoned() {
            if (endsNow()) {
                breaker.releasePermission();
            }
        }

        /** In the half-open state only probes count, and no earlier GET. */
        private synchronized boolean endsNow() {
            boolean first = !ended;
            ended = true;
            return first && (probe || breaker.getState() != State.HALF_OPEN);
        }
    }

    /**
     * Returns whether the service ended the GET: all its connections were in use, it stops, or the deadline passed
     * while the store sent bytes.
     */
    private boolean isOurs(Exception failure) {
        if (stopped || Thread.currentThread().isInterrupted() || failure instanceof ConnectionPoolTimeoutException
                || failure instanceof RequestAbortedException) {
            return true;
        }
        // Timeouts of the store are of subclasses.
        return failure instanceof InterruptedIOException ? failure.getClass() == InterruptedIOException.class
                : deadlines.passed();
    }
}
