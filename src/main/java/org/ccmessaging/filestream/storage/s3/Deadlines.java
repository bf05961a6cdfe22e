package org.ccmessaging.filestream.storage.s3;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.function.ThrowingSupplier;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The deadlines of downloads (decision 0013). A read timeout is not enough: a store that sends single bytes could hold
 * a permit and a connection forever. A deadline belongs to a thread, because the HTTP client cannot pass a deadline
 * to a socket. A simulation overrides {@link #nanoTime} and {@link #pause}.
 */
@Component
class Deadlines {

    /**
     * @param at the time of the deadline in nanoseconds, by {@link System#nanoTime()}
     * @param setting the configuration key of the time limit
     */
    record Deadline(long at, String setting) {
    }

    /** The first words of the message when a deadline has passed. */
    static final String PASSED = "the store took longer than ";

    private final ThreadLocal<Deadline> current = new ThreadLocal<>();
    private final DownloadSettings settings;

    Deadlines(DownloadSettings settings) {
        this.settings = settings;
    }

    /** The current time in nanoseconds, for deadlines and for the circuit of a store. */
    long nanoTime() {
        return System.nanoTime();
    }

    /** Waits before a repeated request. */
    void pause(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    Deadline ofFirstByte() {
        return in(settings.firstByteTimeout(), "filestream.download.first-byte-timeout");
    }

    Deadline ofNextChunk() {
        return in(settings.stallTimeout(), "filestream.download.stall-timeout");
    }

    private Deadline in(Duration longest, String setting) {
        return new Deadline(nanoTime() + longest.toNanos(), setting);
    }

    <T, E extends Exception> T within(Deadline deadline, ThrowingSupplier<T, E> work) throws E {
        Deadline outer = current.get();
        current.set(deadline);
        try {
            return work.get();
        } finally {
            // Sets outer even if outer is null. After remove(), the next get() would create a new entry.
            current.set(outer);
        }
    }

    /**
     * @param most the maximum result in milliseconds; also the result if the thread has no deadline
     * @return the milliseconds until the deadline, at least 1 and at most {@code most}
     * @throws SdkClientException if the thread's deadline has passed, so that {@link S3Store} does not repeat the GET
     */
    int millisLeft(int most) {
        Deadline deadline = current.get();
        if (deadline == null) {
            return most;
        }
        if (passed(deadline)) {
            throw SdkClientException.create(PASSED + deadline.setting + " allows");
        }
        // Rounds up, so that a wait ends after the deadline. The result is at least 1: with 0, a socket waits forever.
        long left = TimeUnit.NANOSECONDS.toMillis(Math.max(0, deadline.at - nanoTime())) + 1;
        return (int) Math.min(most, left);
    }

    boolean passed() {
        Deadline deadline = current.get();
        return deadline != null && passed(deadline);
    }

    boolean passed(Deadline deadline) {
        return deadline.at - nanoTime() <= 0;
    }
}
