package org.ccmessaging.filestream.storage;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many requests may wait for an answer of the store at the same time. More of them than store and processors can
 * work on do not get more done, but are all late; fewer would leave the store idle. Who is above the limit waits in the
 * order of arrival.
 *
 * <p>The right number cannot be known beforehand: it is a handful for a store on the same host and hundreds for one
 * 50 ms away. So it is found as TCP Vegas finds its window (Brakmo and Peterson 1995): while answers come about as fast
 * as when few wait there is room for more, and when they take {@link #SLOWER} times as long there is a queue. To know
 * how fast they come when few wait, new requests are held back for a moment now and then, as BBR does (Cardwell and
 * others 2016).
 *
 * <p>A request that has waited for {@link #LONGEST_WAIT_MS} goes all the same: a store that hangs, or a measurement
 * that came out wrong, costs time and never a download. Whoever owns the limit sees to it by {@link #letLateOnesGo},
 * since a time limit on each wait would cost a twentieth of what a download costs on virtual threads (bench/results).
 */
final class ConcurrencyLimit {

    /** After so many milliseconds a request waits no longer for its turn. */
    static final long LONGEST_WAIT_MS = 1_000;

    /**
     * Times as long as when few wait. With n at work in a closed queueing network, an answer takes at most
     * D + (n - 1) M (D is the time alone, M that at its bottleneck; Denning and Buzen 1978), so with 3 D there are at
     * least 2 D / M at work, which get two thirds of the most done even in the worst network, and all of it in a usual
     * one.
     */
    private static final double SLOWER = 3;

    /** How many answers make a measurement while few wait. */
    private static final int FEW_ANSWERS = 8;

    /** How many answers make a measurement otherwise, at least. */
    private static final int MANY_ANSWERS = 32;

    /** Requests are held back after so many times what an answer takes, so that it costs about a hundredth. */
    private static final double MEASURE_AFTER = 1_000;
    private static final double MEASURE_AFTER_AT_LEAST = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(LONGEST_WAIT_MS);
    private static final long MEASURE_AT_MOST = LONGEST_WAIT;

    /** The limit moves by this part of itself: up faster, since a burst is waiting then. */
    private static final int STEP_UP = 4;
    private static final int STEP_DOWN = 8;

    private final int few;
    private final int least;
    private final int most;
    private final LongSupplier clock;

    // All below is guarded by this.
    private final Queue<Waiting> line = new ArrayDeque<>();
    private final Mean withFew = new Mean();
    private final Mean withMany = new Mean();
    private int limit;
    /** Places that nobody has; after some were taken away, less than none until enough came back. */
    private int free;
    private int asking;
    private int mostAsking;
    private double timeWithFew;
    private long measureAt;
    private boolean heldBack;
    private long heldBackAt;

    /**
     * @param processors that this process may use; so many are few, and the limit is twice as many at the
     *     least
     * @param most what the limit never exceeds
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
     * Waits for the turn of a request, which has to be {@link #end ended} when the store has answered.
     *
     * @throws InterruptedException where the thread is interrupted while it waits; there is nothing to end then
     */
    Turn begin() throws InterruptedException {
        Waiting waiting = null;
        synchronized (this) {
            if (free > 0) {
                free--;
            } else {
                waiting = new Waiting(clock.getAsLong());
                line.add(waiting);
            }
        }
        boolean place = waiting == null || called(waiting);
        synchronized (this) {
            asking++;
            mostAsking = Math.max(mostAsking, asking);
            // The time begins here and not with the call, since it is the store's that is measured.
            return new Turn(place, heldBack && asking <= few, clock.getAsLong());
        }
    }

    /** @return whether it was given a place */
    private boolean called(Waiting waiting) throws InterruptedException {
        try {
            waiting.call.await();
            return waiting.place;
        } catch (InterruptedException interrupted) {
            synchronized (this) {
                if (!line.remove(waiting) && waiting.place) {
                    addPlaces(1);
                }
            }
            throw interrupted;
        }
    }

    /** Lets requests go that have waited for {@link #LONGEST_WAIT_MS}. To be called again and again. */
    synchronized void letLateOnesGo() {
        long now = clock.getAsLong();
        while (!line.isEmpty() && now - line.peek().since >= LONGEST_WAIT) {
            line.remove().call.countDown();
            // Slow, and not crowded: in a crowd that moves nobody waits so long.
            stopHoldingBack();
            moveTo(2 * limit);
        }
    }

    /** @param answered whether the time says something about the store: an object came, and no failure */
    synchronized void end(Turn turn, boolean answered) {
        asking--;
        if (turn.place) {
            addPlaces(1);
        }
        long now = clock.getAsLong();
        if (answered) {
            if (!heldBack) {
                withMany(now - turn.begun, now);
            } else if (turn.amongFew) {
                withFew.add(now - turn.begun);
            }
        }
        if (heldBack && (withFew.count >= FEW_ANSWERS || now - heldBackAt > MEASURE_AT_MOST)) {
            stopHoldingBack();
        }
    }

    private void withMany(long time, long now) {
        withMany.add(time);
        if (withMany.count < Math.max(MANY_ANSWERS, limit)) {
            return;
        }
        double mean = withMany.take();
        if (mostAsking > few && now >= measureAt) {
            holdBack(now);
        } else if (mean > SLOWER * timeWithFew) {
            moveTo(limit - Math.max(1, limit / STEP_DOWN));
        } else if (mostAsking >= limit) {
            moveTo(limit + Math.max(1, limit / STEP_UP));
        }
        mostAsking = asking;
    }

    private void holdBack(long now) {
        heldBack = true;
        heldBackAt = now;
        addPlaces(few - limit);
    }

    private void stopHoldingBack() {
        if (heldBack) {
            heldBack = false;
            long now = clock.getAsLong();
            // Without an answer in all the time, an answer takes that time at least.
            timeWithFew = withFew.count > 0 ? withFew.take() : now - heldBackAt;
            measureAt = now + (long) Math.max(MEASURE_AFTER_AT_LEAST, MEASURE_AFTER * timeWithFew);
            addPlaces(limit - few);
        }
    }

    /** Not while requests are held back. */
    private void moveTo(int wanted) {
        int moved = Math.max(least, Math.min(most, wanted));
        addPlaces(moved - limit);
        limit = moved;
    }

    private void addPlaces(int count) {
        free += count;
        while (free > 0 && !line.isEmpty()) {
            free--;
            Waiting next = line.remove();
            next.place = true;
            next.call.countDown();
        }
    }

    /** The limit as it is now. */
    synchronized int limit() {
        return limit;
    }

    /** How many wait for their turn. */
    synchronized int waiting() {
        return line.size();
    }

    /** Whether the next request would not wait. */
    synchronized boolean hasRoom() {
        return free > 0;
    }

    /**
     * A request under way.
     *
     * @param place whether it holds one, and did not go because it had waited long enough
     * @param amongFew whether requests were held back and few waited for an answer when it began
     * @param begun nanoseconds
     */
    record Turn(boolean place, boolean amongFew, long begun) {
    }

    /** A request in the line. */
    private static final class Waiting {

        private final CountDownLatch call = new CountDownLatch(1);
        private final long since;
        /** Written before the call, and read after it. */
        private boolean place;

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

        /** The mean, 0 of nothing; begins anew. */
        double take() {
            double mean = count == 0 ? 0 : sum / count;
            sum = 0;
            count = 0;
            return mean;
        }
    }
}
