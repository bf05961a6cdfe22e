package org.ccmessaging.filestream.toolkit;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * The gate before the routes. A request holds it open while routes process it, and not while its response is sent. A
 * reload closes it, so that no request runs through two versions of the routes. It is closed until the first routes
 * have started.
 *
 * <p>The order is that of arrival: a reload that waits for the requests in the routes lets no further request pass it.
 */
@Component
public final class RequestGate {

    private static final int OPEN = Integer.MAX_VALUE;

    /** Longest wait of a request, in seconds. A reload closes the gate for some 50 ms. */
    private static final long LONGEST_WAIT_SECONDS = 10;

    private final Semaphore passages = new Semaphore(0, true);

    /** Returns whether the gate let the request pass. If it has, the caller must call {@link #exit}. */
    public boolean enter() {
        try {
            return passages.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends what {@link #enter} has begun. */
    public void exit() {
        passages.release();
    }

    /**
     * Runs a task that calls a route, outside of a request that has entered.
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
     * Closes the gate when all requests have left the routes.
     *
     * @return whether it is closed; if not, a request did not leave in time, and the gate is open
     */
    public boolean close(Duration longest) throws InterruptedException {
        return passages.tryAcquire(OPEN, longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns whether no request can enter, because the service starts or reloads the routes. */
    public boolean isClosed() {
        return passages.availablePermits() == 0;
    }

    /** Opens the gate, which must be closed. */
    public void open() {
        passages.release(OPEN);
    }
}
