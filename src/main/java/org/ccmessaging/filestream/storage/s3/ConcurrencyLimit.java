package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.LongSummaryStatistics;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;

/**
 * Limits the requests that wait for the store at the same time (decision 0006). More requests than the store can
 * process in parallel only increase the latency of all. A fixed limit would have to be 5 for a store on the same host
 * and hundreds for one that is 50 ms away.
 *
 * <p>So the limit adapts as TCP Vegas adapts its window (Brakmo and Peterson 1995): it grows while responses take about
 * as long as with few requests, and shrinks when the store has a queue. To measure the latency with few requests, the
 * limit sometimes holds back new requests for a moment, as BBR does (Cardwell and others 2016).
 *
 * <p>A request that has waited for {@link #LONGEST_WAIT_MS} goes out without a permit. So a store that hangs or a wrong
 * measurement costs time and never a download. One thread looks for such requests, because timed waits would cost a
 * twentieth of a download on virtual threads.
 */
final class ConcurrencyLimit implements AutoCloseable {

    static final long LONGEST_WAIT_MS = 1_000;

    private static final long LOOK_EVERY_MS = 100;

    /**
     * A response that takes this many times as long as with few requests shows a queue. By then the store has at least
     * two thirds of its maximum throughput (Denning and Buzen 1978; decision 0006).
     */
    private static final double SLOWER = 3;

    /** Minimum numbers of responses of a measurement. */
    private static final int FEW_RESPONSES = 8;
    private static final int MANY_RESPONSES = 32;

    /**
     * Time between two measurements with few requests, as a multiple of the time of a response. At eight responses a
     * measurement they cost about a hundredth.
     */
    private static final double MEASURE_AFTER = 1_000;
    private static final double MEASURE_AFTER_AT_LEAST = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MS);

    /** The limit grows by a quarter and shrinks by an eighth: while it grows, requests of a burst are waiting. */
    private static final int STEP_UP = 4;
    private static final int STEP_DOWN = 8;

    private final int few;
    private final int least;
    private final int most;
    private final LongSupplier clock;
    private final PeriodicTasks lateRequests = new PeriodicTasks("s3-late-requests", 1);

    // The lock of this object guards all fields below.
    private final Queue<Waiting> line = new ArrayDeque<>();
    private LongSummaryStatistics withFew = new LongSummaryStatistics();
    private LongSummaryStatistics withMany = new LongSummaryStatistics();
    private int limit;
    /** Free permits. Negative after the limit has shrunk, until enough permits have been released. */
    private int free;
    private int pending;
    private int mostPending;
    private double timeWithFew;
    private long measureAt;
    private boolean heldBack;
    private long heldBackAt;

    /**
     * @param processors number of processors; this many requests count as few, and the minimum limit is twice as many
     * @param most maximum limit, if it is not less than the minimum
     */
    ConcurrencyLimit(int processors, int most, LongSupplier clock) {
        this.few = processors;
        this.least = 2 * processors;
        this.most = Math.max(least, most);
        this.clock = clock;
        this.limit = least;
        this.free = limit;
        this.measureAt = clock.getAsLong();
    }

    void start(MeterRegistry meters, Tags store) {
        Gauge.builder("filestream.s3.requests.limit", this, ConcurrencyLimit::limit).tags(store)
                .description("The concurrency limit: requests that may wait for the store's response")
                .register(meters);
        Gauge.builder("filestream.s3.requests.pending", this, ConcurrencyLimit::waiting).tags(store)
                .description("Requests that wait for a permit of the concurrency limit").register(meters);
        lateRequests.scheduleWithFixedDelay(this::releaseLate, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        lateRequests.shutdownNow();
    }

    /** The caller must {@link #release} the permit when the store has responded. An interrupted thread has none. */
    Permit acquire() throws InterruptedIOException {
        Waiting waiting = null;
        synchronized (this) {
            if (hasRoom()) {
                free--;
            } else {
                waiting = new Waiting(clock.getAsLong(), new CountDownLatch(1), new AtomicBoolean());
                line.add(waiting);
            }
        }
        boolean counted = waiting == null || called(waiting);
        synchronized (this) {
            pending++;
            mostPending = Math.max(mostPending, pending);
            // The time starts here, after the wait, because the limit measures the store.
            return new Permit(counted, heldBack && pending <= few, clock.getAsLong());
        }
    }

    /** Returns whether the request has got a permit; false if it goes out without, because it is late. */
    private boolean called(Waiting waiting) throws InterruptedIOException {
        try {
            waiting.call.await();
            return waiting.counted.get();
        } catch (InterruptedException interrupted) {
            synchronized (this) {
                if (!line.remove(waiting) && waiting.counted.get()) {
                    addPermits(1);
                }
            }
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted before the request went out")
                    .initCause(interrupted);
        }
    }

    synchronized void releaseLate() {
        long now = clock.getAsLong();
        while (!line.isEmpty() && now - line.peek().since >= LONGEST_WAIT) {
            line.remove().call.countDown();
            // The store is slow and has no queue: in a queue, no request would wait so long.
            stopHoldingBack();
            moveTo(2 * limit);
        }
    }

    /** @param succeeded whether the store sent an object, so that the time counts as a measurement */
    synchronized void release(Permit permit, boolean succeeded) {
        pending--;
        if (permit.counted) {
            addPermits(1);
        }
        long now = clock.getAsLong();
        if (succeeded) {
            if (!heldBack) {
                withMany(now - permit.started, now);
            } else if (permit.amongFew) {
                withFew.accept(now - permit.started);
            }
        }
        if (heldBack && (withFew.getCount() >= FEW_RESPONSES || now - heldBackAt > LONGEST_WAIT)) {
            stopHoldingBack();
        }
    }

    private void withMany(long time, long now) {
        withMany.accept(time);
        if (withMany.getCount() < Math.max(MANY_RESPONSES, limit)) {
            return;
        }
        double mean = withMany.getAverage();
        withMany = new LongSummaryStatistics();
        if (mostPending > few && now >= measureAt) {
            heldBack = true;
            heldBackAt = now;
            addPermits(few - limit);
        } else if (mean > SLOWER * timeWithFew) {
            moveTo(limit - Math.max(1, limit / STEP_DOWN));
        } else if (mostPending >= limit) {
            moveTo(limit + Math.max(1, limit / STEP_UP));
        }
        mostPending = pending;
    }

    private void stopHoldingBack() {
        if (heldBack) {
            heldBack = false;
            long now = clock.getAsLong();
            // Without any response in that time, a response takes at least that time.
            timeWithFew = withFew.getCount() > 0 ? withFew.getAverage() : now - heldBackAt;
            withFew = new LongSummaryStatistics();
            measureAt = now + (long) Math.max(MEASURE_AFTER_AT_LEAST, MEASURE_AFTER * timeWithFew);
            addPermits(limit - few);
        }
    }

    /** Must not run while the limit holds requests back, because the end of that would apply the change again. */
    private void moveTo(int wanted) {
        int moved = Math.max(least, Math.min(most, wanted));
        addPermits(moved - limit);
        limit = moved;
    }

    private void addPermits(int count) {
        free += count;
        while (free > 0 && !line.isEmpty()) {
            free--;
            Waiting next = line.remove();
            next.counted.set(true);
            next.call.countDown();
        }
    }

    synchronized int limit() {
        return limit;
    }

    synchronized int waiting() {
        return line.size();
    }

    /** Requests that hold a permit, or went out late without one. */
    synchronized int pending() {
        return pending;
    }

    /** Returns whether the next request gets a permit at once. */
    synchronized boolean hasRoom() {
        return free > 0;
    }

    /**
     * @param counted whether it counts against the limit; false if the request went out because it was late
     * @param amongFew whether the request belongs to a measurement with few requests
     * @param started when the request went out, in nanoseconds
     */
    record Permit(boolean counted, boolean amongFew, long started) {
    }

    /**
     * A request that waits for its turn.
     *
     * @param call ends the wait
     * @param counted whether the request counts against the limit; set before {@code call} ends the wait
     */
    private record Waiting(long since, CountDownLatch call, AtomicBoolean counted) {
    }
}
