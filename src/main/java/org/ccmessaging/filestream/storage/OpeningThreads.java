package org.ccmessaging.filestream.storage;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;

/**
 * Opens files in threads of its own, so that no request waits for ever: an open hangs on a FIFO that replaced a file a
 * moment ago, and on a network file system whose server is gone, and nothing in Java can end it (decision 0014).
 */
final class OpeningThreads {

    private static final long IDLE_SECONDS = 60;

    /** A thread is free a moment after its request has ended, and with it the permit of the next one. */
    private static final long HANDOVER_SECONDS = 1;

    private final Duration longest;
    private final ThreadPoolExecutor threads;

    /**
     * @param most how many opens may be under way, those that hang among them
     * @param longest how long a request waits for its open
     */
    OpeningThreads(int most, Duration longest) {
        this.longest = longest;
        this.threads = new ThreadPoolExecutor(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
                opening -> {
                    Thread thread = new Thread(opening, "open-file");
                    thread.setDaemon(true);
                    return thread;
                }, OpeningThreads::handOver);
    }

    private static void handOver(Runnable opening, ThreadPoolExecutor threads) {
        try {
            if (!threads.getQueue().offer(opening, HANDOVER_SECONDS, TimeUnit.SECONDS)) {
                throw new RejectedExecutionException("no thread is free");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("the service stops", stopped);
        }
    }

    /**
     * Opens on another thread. What opens too late is closed.
     *
     * @throws StorageUnreachableException if the open takes too long, or no thread is left for it
     */
    <T extends Closeable> T open(Supplier<T> opening) {
        CompletableFuture<T> opened = new CompletableFuture<>();
        try {
            threads.execute(() -> complete(opened, opening));
            return opened.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException tooMany) {
            throw new StorageUnreachableException(threads.getMaximumPoolSize() + " files are being opened", tooMany);
        } catch (TimeoutException late) {
            return giveUp(opened, new StorageUnreachableException("opening takes more than " + longest, late));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return giveUp(opened, new StorageUnreachableException("interrupted while the file was opened", stopped));
        } catch (ExecutionException failure) {
            throw reason(failure);
        }
    }

    private static RuntimeException reason(Exception failure) {
        return failure.getCause() instanceof RuntimeException reason ? reason
                : new ReadBrokenException("cannot be opened: " + failure.getCause(), failure);
    }

    private static <T extends Closeable> void complete(CompletableFuture<T> opened, Supplier<T> opening) {
        try {
            T file = opening.get();
            if (!opened.complete(file)) {
                file.close();
            }
        } catch (IOException | RuntimeException | Error failure) {
            opened.completeExceptionally(failure);
        }
    }

    /** Takes the file, or its failure, if the open has ended at the last moment. */
    private static <T> T giveUp(CompletableFuture<T> opened, ReadBrokenException reason) {
        if (opened.completeExceptionally(reason)) {
            throw reason;
        }
        try {
            return opened.join();
        } catch (CompletionException failure) {
            throw reason(failure);
        }
    }
}
