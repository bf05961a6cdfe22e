package org.ccmessaging.filestream.storage;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.camel.util.IOHelper;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;

/**
 * Opens files in separate threads, so that a request can stop waiting for an open that hangs. An open hangs if
 * somebody has just replaced the file with a FIFO, or if the server of a network file system is gone. Java cannot end
 * such an open (decision 0014).
 */
final class OpeningThreads {

    private final int most;
    private final Duration longest;
    private final Semaphore free;
    private final ExecutorService threads;

    /** @param most maximum number of opens in progress, including opens that hang */
    OpeningThreads(int most, Duration longest) {
        this.most = most;
        this.longest = longest;
        this.free = new Semaphore(most);
        this.threads = Executors.newCachedThreadPool(new DefaultThreadFactory("open-file", true));
    }

    /** @throws StorageUnreachableException if too many opens run, this open takes too long, or the service stops */
    <T extends Closeable> T open(Supplier<T> opening) {
        if (!free.tryAcquire()) {
            throw new StorageUnreachableException(most + " files are being opened", null);
        }
        CompletableFuture<T> opened = CompletableFuture.supplyAsync(() -> {
            try {
                return opening.get();
            } finally {
                free.release();
            }
        }, threads);
        try {
            return opened.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException late) {
            opened.thenAccept(file -> IOHelper.close(file));
            if (late instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new StorageUnreachableException("opening takes more than " + longest + ", or the service stops",
                    late);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException reason ? reason
                    : new ReadBrokenException("cannot be opened: " + failure.getCause(), failure);
        }
    }
}
