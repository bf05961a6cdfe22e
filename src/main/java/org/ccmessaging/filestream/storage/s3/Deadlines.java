package org.ccmessaging.filestream.storage.s3;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.util.function.ThrowingSupplier;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The deadlines of downloads (decision 0013). A read timeout is not enough: a store that sends single bytes would keep
 * a permit and a connection for ever. A deadline belongs to a thread, because the SDK cannot pass one to the socket.
 */
@Component
class Deadlines {

    /**
     * @param at in nanoseconds, as {@link System#nanoTime()}
     * @param setting the configuration key
     */
    record Deadline(long at, String setting) {
    }

    /** Start of the message of a deadline that has passed. */
    static final String PASSED = "the store took longer than ";

    private final ThreadLocal<Deadline> current = new ThreadLocal<>();
    private final DownloadSettings settings;
    private final LongSupplier clock;

    @Autowired
    Deadlines(DownloadSettings settings) {
        this(settings, System::nanoTime);
    }

    Deadlines(DownloadSettings settings, LongSupplier clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** The current time of the clock of deadlines, in nanoseconds. The circuit of a store uses the same clock. */
    final long nanoTime() {
        return clock.getAsLong();
    }

    /** Pauses before a request is repeated. A simulation overrides it. */
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
        return new Deadline(clock.getAsLong() + longest.toNanos(), setting);
    }

    <T, E extends Exception> T within(Deadline deadline, ThrowingSupplier<T, E> work) throws E {
        Deadline outer = current.get();
        current.set(deadline);
        try {
            return work.get();
        } finally {
            // Sets null instead of removing the entry: after a removal, each get() would create a new entry.
            current.set(outer);
        }
    }

    /**
     * @param most milliseconds; the result unless the deadline of this thread is nearer
     * @return milliseconds, at least 1
     * @throws SdkClientException if the deadline of the thread has passed; {@link S3Store} does not repeat such a GET
     */
    int millisLeft(int most) {
        Deadline deadline = current.get();
        if (deadline == null) {
            return most;
        }
        if (passed(deadline)) {
            throw SdkClientException.create(PASSED + deadline.setting + " allows");
        }
        // Rounds up, so that a wait ends after the deadline. The result is never 0, which for sockets means no limit.
        long left = TimeUnit.NANOSECONDS.toMillis(Math.max(0, deadline.at - clock.getAsLong())) + 1;
        return (int) Math.min(most, left);
    }

    boolean passed() {
        Deadline deadline = current.get();
        return deadline != null && passed(deadline);
    }

    boolean passed(Deadline deadline) {
        return deadline.at - clock.getAsLong() <= 0;
    }
}
