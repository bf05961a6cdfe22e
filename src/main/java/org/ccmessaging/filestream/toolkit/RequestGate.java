package org.ccmessaging.filestream.toolkit;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * The gate before the routes. A reload closes the gate and waits for the requests in the routes, but not for their
 * responses. No request therefore runs through two versions of the routes. The gate is closed until the first routes
 * have started.
 */
@Component
public final class RequestGate {

    private static final int OPEN = Integer.MAX_VALUE;

    /** Maximum wait at the closed gate. A reload usually closes the gate for 20 to 50 ms (decision 0031). */
    private static final long LONGEST_WAIT_SECONDS = 10;

    /** This semaphore is fair, so that no request overtakes a waiting reload. */
    private final Semaphore passages = new Semaphore(0, true);

    /** Waits up to 10 s for the open gate. If the result is {@code true}, the caller must call {@link #exit} later. */
    public boolean enter() {
        try {
            return passages.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void exit() {
        passages.release();
    }

    /** Enters, runs a task, and exits. No thread may enter twice: a waiting reload would block the second entry. */
    public <T> T call(Supplier<T> task) {
        if (!enter()) {
            throw new IllegalStateException("the routes are not started");
        }
        try {
            return task.get();
        } finally {
            exit();
        }
    }

    /** Closes the gate. Returns {@code false}, with the gate open, if a request did not leave the routes in time. */
    public boolean close(Duration longest) throws InterruptedException {
        return passages.tryAcquire(OPEN, longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    public boolean isClosed() {
        return passages.availablePermits() == 0;
    }

    /** Opens the gate, which must be closed. */
    public void open() {
        passages.release(OPEN);
    }
}
