package org.ccmessaging.filestream.storage.s3;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.function.ThrowingSupplier;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The deadlines of downloads (decision 0013). A read timeout would not end a response whose bytes arrive one by one.
 * The deadline is a thread-local variable, because the HTTP client cannot pass a deadline to a socket. Tests override
 * {@link #nanoTime} and {@link #pause}.
 */
@Component
class Deadlines {

    /** {@code at} is a value of {@link #nanoTime}. {@code setting} is the configuration key of the time limit. */
    record Deadline(long at, String setting) {
    }

    /** {@link StoreFault} recognizes a passed deadline by this text. */
    static final String PASSED = "the store took longer than ";

    private final ThreadLocal<Deadline> current = new ThreadLocal<>();
    private final DownloadSettings settings;

    Deadlines(DownloadSettings settings) {
        this.settings = settings;
    }

    long nanoTime() {
        return System.nanoTime();
    }

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
            // If outer is null, this line does not call remove(), because the next get() would create a new entry.
            current.set(outer);
        }
    }

    /**
     * @param most the maximum result; also the result without a deadline
     * @return milliseconds until the deadline, from 1 to {@code most}
     * @throws SdkClientException if the thread's deadline has passed; {@link S3Store} does not repeat the GET
     */
    int millisLeft(int most) {
        Deadline deadline = current.get();
        if (deadline == null) {
            return most;
        }
        if (passed(deadline)) {
            throw SdkClientException.create(PASSED + deadline.setting + " allows");
        }
        // The result is at least 1, because a socket with timeout 0 waits forever.
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
