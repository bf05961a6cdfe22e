package org.ccmessaging.filestream.toolkit;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A gate whose owner can close it and wait until it is empty. It is closed until {@link #open()}. */
public abstract class Gate {

    private static final int ALL = Integer.MAX_VALUE;

    private final long maxWaitMillis;

    /** This semaphore is fair, so that nobody overtakes a waiting owner. */
    private final Semaphore passages = new Semaphore(0, true);

    Gate(Duration maxWait) {
        this.maxWaitMillis = maxWait.toMillis();
    }

    /** Waits for the open gate. If the result is {@code true}, the caller must call {@link #exit} later. */
    public boolean enter() {
        try {
            return passages.tryAcquire(maxWaitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void exit() {
        passages.release();
    }

    /** Closes the gate. Returns {@code false}, with the gate open, if it was not empty in time. */
    public boolean close(Duration longest) throws InterruptedException {
        return passages.tryAcquire(ALL, longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    public boolean isClosed() {
        return passages.availablePermits() == 0;
    }

    /** Opens the gate, which must be closed. */
    public void open() {
        passages.release(ALL);
    }
}
