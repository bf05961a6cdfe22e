package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the requests that wait for the store at the same time (decision 0006). More requests than store and processors
 * can work on get nothing done earlier; all of them come later. Fewer would leave the store idle. Requests above the
 * limit wait in the order of arrival.
 *
 * <p>No fixed limit is right: it is a handful for a store on the same host and hundreds for one that is 50 ms away. So
 * the limit adapts, as TCP Vegas adapts its window (Brakmo and Peterson 1995). It grows while responses come about as
 * fast as when few requests wait. It shrinks when they take {@link #SLOWER} times as long, because there is a queue
 * then. To learn how fast responses come when few requests wait, the limit holds new requests back for a moment now and
 * then, as BBR does (Cardwell and others 2016).
 *
 * <p>A request that has waited for {@link #LONGEST_WAIT_MS} goes out all the same: a store that hangs, or a wrong
 * measurement, costs time and never a download. One thread looks for such requests, because a timed wait of each would
 * cost a twentieth of a download on virtual threads.
 */
final class ConcurrencyLimit implements AutoCloseable {

    /** Longest wait of a request, in milliseconds. */
    static final long LONGEST_WAIT_MS = 1_000;

    /** Milliseconds between two calls of {@link #releaseLate}. */
    private static final long LOOK_EVERY_MS = 100;

    /**
     * A response that takes this many times as long as when few requests wait shows a queue. With n requests in a
     * closed queueing network, a response takes at most D + (n - 1) M (D is the time alone, M that at its bottleneck;
     * Denning and Buzen 1978). So at 3 D there are at least 2 D / M requests. They reach two thirds of the highest
     * throughput even in the worst network, and all of it in a usual one.
     */
    private static final double SLOWER = 3;

    /** Responses that a measurement with few requests needs. */
    private static final int FEW_RESPONSES = 8;

    /** Responses that any other measurement needs, at least. */
    private static final int MANY_RESPONSES = 32;

    /**
     * Time between two measurements with few requests, as a multiple of the time that a response takes. At eight
     * responses a measurement they cost about a hundredth.
     */
    private static final double MEASURE_AFTER = 1_000;
    private static final double MEASURE_AFTER_AT_LEAST = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MS);
    private static final long MEASURE_AT_MOST = LONGEST_WAIT;

    /**
     * The limit grows by a quarter of itself and shrinks by an eighth: it grows faster, because a burst is waiting
     * then.
     */
    private static final int STEP_UP = 4;
    private static final int STEP_DOWN = 8;

    private final int few;
    private final int least;
    private final int most;
    private final LongSupplier clock;
    private final ScheduledExecutorService lateRequests = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "s3-late-requests");
        thread.setDaemon(true);
        return thread;
    });

    // The lock of this object guards all fields below.
    private final Queue<Waiting> line = new ArrayDeque<>();
    private final Mean withFew = new Mean();
    private final Mean withMany = new Mean();
    private int limit;
    /** Permits that no request holds. Less than 0 after the limit has shrunk, until enough permits have come back. */
    private int free;
    private int pending;
    private int mostPending;
    private double timeWithFew;
    private long measureAt;
    private boolean heldBack;
    private long heldBackAt;

    /**
     * @param processors processors of this process; so many requests count as few, and the limit is at least twice as
     *     many
     * @param most the limit is at most this, or twice the processors if that is more
     * @param clock nanoseconds, as {@link System#nanoTime()}
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

    /**
     * Begins to let late requests go out, and shows the limit.
     *
     * @param store tells the meters of this store from those of another one
     */
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

    /**
     * Waits for a permit. The caller must {@link #release} it when the store has responded.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; it then has no permit to release
     */
    Permit acquire() throws InterruptedException {
        Waiting waiting = null;
        synchronized (this) {
            if (free > 0) {
                free--;
            } else {
                waiting = new Waiting(clock.getAsLong());
                line.add(waiting);
            }
        }
        boolean counted = waiting == null || called(waiting);
        synchronized (this) {
            pending++;
            mostPending = Math.max(mostPending, pending);
            // The time starts here and not with the call of this method, because the limit measures the store.
            return new Permit(counted, heldBack && pending <= few, clock.getAsLong());
        }
    }

    /** @return whether the request holds one of the permits; false if it goes out because it is late */
    private boolean called(Waiting waiting) throws InterruptedException {
        try {
            waiting.call.await();
            return waiting.counted;
        } catch (InterruptedException interrupted) {
            synchronized (this) {
                if (!line.remove(waiting) && waiting.counted) {
                    addPermits(1);
                }
            }
            throw interrupted;
        }
    }

    /** Lets requests go out that have waited for {@link #LONGEST_WAIT_MS}. */
    synchronized void releaseLate() {
        long now = clock.getAsLong();
        while (!line.isEmpty() && now - line.peek().since >= LONGEST_WAIT) {
            line.remove().call.countDown();
            // The store is slow and has no queue: in a queue that moves, no request waits so long.
            stopHoldingBack();
            moveTo(2 * limit);
        }
    }

    /** @param succeeded whether the time says something about the store: an object came, and no failure */
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
                withFew.add(now - permit.started);
            }
        }
        if (heldBack && (withFew.count >= FEW_RESPONSES || now - heldBackAt > MEASURE_AT_MOST)) {
            stopHoldingBack();
        }
    }

    private void withMany(long time, long now) {
        withMany.add(time);
        if (withMany.count < Math.max(MANY_RESPONSES, limit)) {
            return;
        }
        double mean = withMany.take();
        if (mostPending > few && now >= measureAt) {
            holdBack(now);
        } else if (mean > SLOWER * timeWithFew) {
            moveTo(limit - Math.max(1, limit / STEP_DOWN));
        } else if (mostPending >= limit) {
            moveTo(limit + Math.max(1, limit / STEP_UP));
        }
        mostPending = pending;
    }

    private void holdBack(long now) {
        heldBack = true;
        heldBackAt = now;
        addPermits(few - limit);
    }

    private void stopHoldingBack() {
        if (heldBack) {
            heldBack = false;
            long now = clock.getAsLong();
            // If no response came in that time, a response takes at least that time.
            timeWithFew = withFew.count > 0 ? withFew.take() : now - heldBackAt;
            measureAt = now + (long) Math.max(MEASURE_AFTER_AT_LEAST, MEASURE_AFTER * timeWithFew);
            addPermits(limit - few);
        }
    }

    /** Must not run while the limit holds requests back, because the end of that would count the change again. */
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
            next.counted = true;
            next.call.countDown();
        }
    }

    /** The current limit. */
    synchronized int limit() {
        return limit;
    }

    /** Requests that wait for a permit. */
    synchronized int waiting() {
        return line.size();
    }

    /** Whether the next request would not wait. */
    synchronized boolean hasRoom() {
        return free > 0;
    }

    /**
     * The permit of a request that is under way.
     *
     * @param counted whether it is one of the limit's permits; false if the request went out because it was late
     * @param amongFew whether few requests waited for the store, because the limit held others back, when this one went
     *     out
     * @param started when the request went out, in nanoseconds
     */
    record Permit(boolean counted, boolean amongFew, long started) {
    }

    /** A request that waits for a permit. */
    private static final class Waiting {

        private final CountDownLatch call = new CountDownLatch(1);
        private final long since;
        /** The caller writes it before it counts the latch down; the waiting thread reads it after. */
        private boolean counted;

        Waiting(long since) {
            this.since = since;
        }
    }

    private static final class Mean {

        private double sum;
        private int count;

        void add(double value) {
            sum += value;
            count++;
        }

        /** Returns the mean, or 0 if there is no value, and starts anew. */
        double take() {
            double mean = count == 0 ? 0 : sum / count;
            sum = 0;
            count = 0;
            return mean;
        }
    }
}
