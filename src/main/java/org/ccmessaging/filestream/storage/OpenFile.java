package org.ccmessaging.filestream.storage;

import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.util.IOHelper;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step {@code open-file} of {@code read-filesystem}: opens the {@link ConfinedFile} at the {@link ConfinedLocation} and
 * leaves a {@link StoredObject} as the body.
 *
 * <p>A separate thread opens the file, so that a request can stop waiting for an open that hangs. An open hangs if
 * somebody has just replaced the file with a FIFO, or if the server of a network file system is gone. Java cannot end
 * such an open (decision 0014).
 *
 * <p>A broken read of a file does not resume, unlike a read of an S3 object (decision 0001). If a disk cannot read a
 * block, a second read also fails. A network file system itself repeats a read before it reports a failure.
 */
@RouteStep(needs = "location", leaves = "file")
public class OpenFile implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);

    private final StorageSettings settings;
    private final long mostBytes;
    private final Duration longestOpen;
    /** Limits the opens in progress, including opens that hang. */
    private final Semaphore free;
    private final ExecutorService threads = Executors.newCachedThreadPool(new DefaultThreadFactory("open-file", true));

    OpenFile(StorageSettings settings, DownloadSettings downloads) {
        if (!settings.ofType(StorageSettings.Type.FILESYSTEM).isEmpty()
                && !"UTF-8".equals(System.getProperty("sun.jnu.encoding"))) {
            LOG.warn("The JVM reads file names as {} and cannot find a file whose name is not plain ASCII."
                    + " Start it with LANG=C.UTF-8.", System.getProperty("sun.jnu.encoding"));
        }
        this.settings = settings;
        this.mostBytes = downloads.maxFileSize().toBytes();
        this.longestOpen = downloads.firstByteTimeout();
        this.free = new Semaphore(downloads.maxInFlight());
    }

    @Override
    public void process(Exchange exchange) {
        ObjectLocation location = ConfinedLocation.require(exchange);
        Path root = settings.named(location.branch()).root();
        ConfinedFile file = open(() -> ConfinedFile.open(root, location));
        new StoredObject(file.content(), file.size(), mostBytes, file).attachTo(exchange);
    }

    /** @throws StorageUnreachableException if too many opens run, the open takes too long, or the service stops */
    <T extends Closeable> T open(Supplier<T> opening) {
        if (!free.tryAcquire()) {
            throw new StorageUnreachableException("too many files are being opened", null);
        }
        CompletableFuture<T> opened = CompletableFuture.supplyAsync(() -> {
            try {
                return opening.get();
            } finally {
                free.release();
            }
        }, threads);
        try {
            return opened.get(longestOpen.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException late) {
            opened.thenAccept(file -> IOHelper.close(file));
            if (late instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new StorageUnreachableException(
                    "opening takes more than " + longestOpen + ", or the service stops", late);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException reason ? reason
                    : new ReadBrokenException("cannot be opened: " + failure.getCause(), failure);
        }
    }
}
