package org.ccmessaging.filestream.storage.s3;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.ccmessaging.filestream.settings.DownloadSettings;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Ends whatever a thread does with the store when its time is over: attempts, waits for a connection, the head and the
 * body of a response, resumed reads (decision 0013). A limit between two bytes is not enough: a store that sends a byte
 * now and then would keep a permit and a connection for ever.
 *
 * <p>The deadline belongs to the thread, because the SDK has no way to hand one through to the socket. Each wait asks
 * for the time that is left. So no timer is needed and no other thread.
 */
final class Deadlines {

    /**
     * A point in time.
     *
     * @param at in nanoseconds, as {@link System#nanoTime()}
     * @param setting the key that set it
     */
    record Deadline(long at, String setting) {
    }

    /** What runs until a deadline. */
    interface Work<T, E extends Exception> {

        T run() throws E;
    }

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ThreadLocal<Deadline> current = new ThreadLocal<>();
    private final Duration firstByteTimeout;
    private final Duration stallTimeout;
    private final LongSupplier clock;

    /** @param clock nanoseconds, as {@link System#nanoTime()} */
    Deadlines(DownloadSettings settings, LongSupplier clock) {
        this.firstByteTimeout = settings.firstByteTimeout();
        this.stallTimeout = settings.stallTimeout();
        this.clock = clock;
    }

    /** The deadline of a download's first chunk, from now on. */
    Deadline ofFirstByte() {
        return new Deadline(clock.getAsLong() + firstByteTimeout.toNanos(), "filestream.download.first-byte-timeout");
    }

    /** The deadline of any later chunk, from now on. */
    Deadline ofNextChunk() {
        return new Deadline(clock.getAsLong() + stallTimeout.toNanos(), "filestream.download.stall-timeout");
    }

    /** Runs the work in this thread until the deadline. */
    <T, E extends Exception> T within(Deadline deadline, Work<T, E> work) throws E {
        Deadline outer = current.get();
        current.set(deadline);
        try {
            return work.run();
        } finally {
            if (outer == null) {
                current.remove();
            } else {
                current.set(outer);
            }
        }
    }

    /**
     * The longest time that this thread may wait now.
     *
     * @param most milliseconds, and the result where no deadline is nearer
     * @return milliseconds, at least 1
     * @throws SdkClientException if the thread's deadline has passed; the SDK does not repeat what ends so
     */
    int millisLeft(int most) {
        Deadline deadline = current.get();
        if (deadline == null) {
            return most;
        }
        requireTime(deadline);
        // Rounded up, so that what ends a wait is past the deadline, and never 0, which sockets take for no limit.
        long left = Math.max(0, deadline.at - clock.getAsLong()) / NANOS_PER_MILLI + 1;
        return (int) Math.min(most, left);
    }

    /** @throws SdkClientException if the deadline has passed */
    void requireTime(Deadline deadline) {
        if (passed(deadline)) {
            throw SdkClientException.create("the store took longer than " + deadline.setting + " allows");
        }
    }

    /** Whether the deadline of this thread has passed. */
    boolean over() {
        Deadline deadline = current.get();
        return deadline != null && passed(deadline);
    }

    /** Whether the deadline has passed. */
    boolean passed(Deadline deadline) {
        return deadline.at - clock.getAsLong() <= 0;
    }
}
