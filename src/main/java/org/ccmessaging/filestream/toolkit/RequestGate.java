package org.ccmessaging.filestream.toolkit;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * The gate before the routes. Before a reload, the gate keeps new requests out and waits for the requests in the
 * routes. No request therefore runs through two versions of the routes. A reload does not wait until responses are
 * sent. The gate is closed until the first routes have started.
 *
 * <p>Requests and reloads wait in their order of arrival, so no request overtakes a waiting reload.
 */
@Component
public final class RequestGate {

    private static final int OPEN = Integer.MAX_VALUE;

    /** Longest wait of a request, in seconds. A reload closes the gate for some 50 ms. */
    private static final long LONGEST_WAIT_SECONDS = 10;

    private final Semaphore passages = new Semaphore(0, true);

    /** Returns {@code true} when the request may enter the routes. The caller must then call {@link #exit}. */
    public boolean enter() {
        try {
            return passages.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Releases the passage that {@link #enter} has acquired. */
    public void exit() {
        passages.release();
    }

    /**
     * Enters the gate, runs a task that calls a route, and exits. The thread must not have entered the gate before.
     *
     * @throws IllegalStateException if the gate stays closed
     */
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

    /**
     * Waits until all requests have left the routes, and closes the gate.
     *
     * @return {@code true} if the gate is closed; {@code false} if a request did not leave in time and the gate is open
     */
    public boolean close(Duration longest) throws InterruptedException {
        return passages.tryAcquire(OPEN, longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns whether the gate is closed to all requests, because the service starts or reloads the routes. */
    public boolean isClosed() {
        return passages.availablePermits() == 0;
    }

    /** Opens the gate, which must be closed. */
    public void open() {
        passages.release(OPEN);
    }
}
