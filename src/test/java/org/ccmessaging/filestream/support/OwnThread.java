package org.ccmessaging.filestream.support;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Does something on a thread of its own while the test goes on. The common pool would not do: with two processors, and
 * since Java 25, it has one thread for the tests of all classes, which would wait for each other.
 */
public final class OwnThread {

    /** Work that may throw any exception, which the test then sees. */
    public interface Work {
        void run() throws Exception;
    }

    private OwnThread() {
    }

    public static <T> CompletableFuture<T> supply(Callable<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.call();
            } catch (Exception failure) {
                throw new CompletionException(failure);
            }
        }, OwnThread::start);
    }

    /** The results of so many threads at the same time, in the order of their numbers. */
    public static <T> List<CompletableFuture<T>> each(int threads, IntFunction<T> work) {
        return IntStream.range(0, threads).mapToObj(number -> supply(() -> work.apply(number))).toList();
    }

    public static CompletableFuture<Void> run(Work work) {
        return supply(() -> {
            work.run();
            return null;
        });
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "own-thread-of-a-test");
        thread.setDaemon(true);
        thread.start();
    }
}
