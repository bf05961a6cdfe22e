package org.ccmessaging.filestream.support;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Does something on a thread of its own while the test goes on. The common pool would not do: with two processors, and
 * since Java 25, it has one thread for the tests of all classes, which would wait for each other.
 */
public final class OwnThread {

    private OwnThread() {
    }

    /** The result, as soon as it is there. */
    public static <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, OwnThread::start);
    }

    /** The end of the work. */
    public static CompletableFuture<Void> run(Runnable work) {
        return CompletableFuture.runAsync(work, OwnThread::start);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "own-thread-of-a-test");
        thread.setDaemon(true);
        thread.start();
    }
}
