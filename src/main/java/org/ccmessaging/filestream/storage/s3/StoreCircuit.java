package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * A circuit breaker that fails GETs immediately while the store is down (decision 0013). Otherwise, each download
 * would hold a permit until the deadline of its GET.
 *
 * <p>A customer may request one broken object very often. So the failures of an object or a session count once in a
 * window of 10 s, unless the store sends nothing for 10 s. The open circuit refuses GETs whose object or session failed
 * recently, and lets a few other GETs try the store.
 */
final class StoreCircuit {

    /** A session: one customer in one app, with any token. */
    record Requester(Customer customer, String appKey) {
    }

    /** The session and the object of a GET. Either of these two may be the cause of a failure. */
    record Origin(Requester requester, ObjectLocation object) {

        private String tenantId() {
            return requester.customer().tenantId();
        }
    }

    /** Minimum number of failures that open the circuit. Fewer failures may be due to single objects. */
    private static final int LEAST_FAILURES = 10;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Maximum number of concurrent probes: GETs that an open circuit allows. A tenant may send half of this number. */
    private static final int MOST_PROBES = 32;

    /** A probe counts as a success after this time if bytes arrive: a slow client may delay the end of the body. */
    private static final long LONGEST_PROBE_NANOS = WINDOW_NANOS;

    /** Maximum number of failed objects and sessions in memory. */
    private static final int MOST_REMEMBERED = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(StoreCircuit.class);

    private final Deadlines deadlines;
    private final long openNanos;
    private final String branches;
    private final LongAdder successes = new LongAdder();
    private volatile boolean open;
    /** The time of the last progress or success of a GET. */
    private volatile long lastServed;

    // The lock of this object guards the fields below, and each change of the field open.
    private long windowStart;
    private long successesBefore;
    private long successesBeforeFormerWindow;
    /** Number of failures in the window. Excludes repeated failures of an object or a session. */
    private int spread;
    /** Number of all failures since the time in {@link #lastServed}. */
    private int unserved;
    private long unservedSince;
    private long lastFailure;
    private String reason;
    private final List<Call> probes = new ArrayList<>();

    /** The time of the last failure of each object and session, or the start time of a later probe. */
    private final Map<Object, Long> failed = new LinkedHashMap<>(16, 0.75F, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** @param openTime how long the open circuit refuses a failed object or session; with 0, the circuit never opens */
    StoreCircuit(Deadlines deadlines, Duration openTime, String branches, MeterRegistry meters) {
        this.deadlines = deadlines;
        this.openNanos = openTime.toNanos();
        this.branches = branches;
        this.windowStart = deadlines.nanoTime();
        this.lastServed = windowStart;
        this.lastFailure = windowStart;
        for (String state : List.of("closed", "open", "half-open")) {
            Gauge.builder("filestream.s3.circuit", this, circuit -> circuit.state().equals(state) ? 1 : 0)
                    .tag("branches", branches).tag("state", state)
                    .description("1 for the state of the circuit to the store").register(meters);
        }
    }

    synchronized String state() {
        return !open ? "closed" : probes.isEmpty() ? "open" : "half-open";
    }

    /** @throws SdkClientException if the circuit refuses the GET; {@link S3Store} does not repeat such a GET */
    Call begin(Origin origin) {
        return open ? probe(origin) : new Call(origin, false);
    }

    private synchronized Call probe(Origin origin) {
        Call probe = new Call(origin, true);
        long ofTenant = probes.stream().filter(each -> each.origin.tenantId().equals(origin.tenantId())).count();
        if (hasFailed(origin, probe.since - openNanos) || probes.size() >= MOST_PROBES || ofTenant >= MOST_PROBES / 2) {
            throw SdkClientException.create("the circuit to the store is open, because most requests failed: "
                    + reason);
        }
        // A failed object or session gets one probe per openNanos. A broken object could otherwise use up all probes.
        failed.computeIfPresent(origin.requester(), (requester, last) -> probe.since);
        failed.computeIfPresent(origin.object(), (object, last) -> probe.since);
        probes.add(probe);
        return probe;
    }

    private boolean hasFailed(Origin origin, long time) {
        return Stream.of(origin.requester(), origin.object()).map(failed::get)
                .anyMatch(last -> last != null && last - time > 0);
    }

    private synchronized void probed(Call call, boolean succeeded) {
        probes.remove(call);
        if (open && succeeded) {
            open = false;
            failed.clear();
            spread = 0;
            LOG.info("S3 circuit of {} closed: a request succeeded", branches);
        }
    }

    private synchronized void failed(Call call, Exception failure) {
        probes.remove(call);
        long now = deadlines.nanoTime();
        if (now - windowStart >= WINDOW_NANOS) {
            windowStart = now;
            successesBeforeFormerWindow = successesBefore;
            successesBefore = successes.sum();
            spread = 0;
        }
        spread += hasFailed(call.origin, windowStart - 1) ? 0 : 1;
        failed.put(call.origin.requester(), now);
        failed.put(call.origin.object(), now);
        if (lastServed - lastFailure >= 0) {
            unserved = 0;
            unservedSince = lastServed - call.since > 0 ? lastServed : call.since;
        }
        unserved++;
        lastFailure = now;
        boolean mostFail = spread >= LEAST_FAILURES && spread > successes.sum() - successesBeforeFormerWindow;
        boolean nobodyServed = unserved >= LEAST_FAILURES && now - unservedSince >= WINDOW_NANOS;
        if (!open && openNanos > 0 && (mostFail || nobodyServed)) {
            reason = LogText.visible(String.valueOf(failure.getMessage()));
            open = true;
            LOG.warn("S3 circuit of {} opened, because most requests failed: {}", branches, reason);
        }
    }

    /** A GET in flight. The caller must report the end of the GET. Only the first report counts. */
    final class Call {

        private final Origin origin;
        /** True if the circuit was open when the GET began. Only a probe can close the circuit. */
        private final boolean probe;
        private final long since = deadlines.nanoTime();
        private final AtomicBoolean ended = new AtomicBoolean();

        private Call(Origin origin, boolean probe) {
            this.origin = origin;
            this.probe = probe;
        }

        void succeeded() {
            if (!ended.getAndSet(true)) {
                lastServed = deadlines.nanoTime();
                successes.increment();
                end(true);
            }
        }

        private void end(boolean succeeded) {
            if (probe) {
                probed(this, succeeded);
            }
        }

        void progressed() {
            lastServed = deadlines.nanoTime();
            if (probe && lastServed - since > LONGEST_PROBE_NANOS) {
                succeeded();
            }
        }

        void failed(Exception failure) {
            if (isOurs(failure)) {
                abandoned();
            } else if (!ended.getAndSet(true)) {
                StoreCircuit.this.failed(this, failure);
            }
        }

        void abandoned() {
            if (!ended.getAndSet(true)) {
                end(false);
            }
        }
    }

    /**
     * Returns true if the failure does not count against the store: no connection was free, the service interrupted or
     * aborted the GET, or the deadline passed without a long silence of the store.
     */
    private boolean isOurs(Exception failure) {
        if (Thread.currentThread().isInterrupted() || failure instanceof ConnectionPoolTimeoutException
                || failure instanceof RequestAbortedException) {
            return true;
        }
        // A timeout throws a subclass of InterruptedIOException. Only an interrupt throws the superclass.
        return failure instanceof InterruptedIOException ? failure.getClass() == InterruptedIOException.class
                : deadlines.passed();
    }
}
