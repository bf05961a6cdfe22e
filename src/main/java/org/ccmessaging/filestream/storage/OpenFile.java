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
 * Step {@code open-file}: opens the {@link ConfinedFile} at the {@link ConfinedLocation}.
 *
 * <p>A separate thread opens the file, because Java cannot interrupt an attempt that hangs (decision 0014).
 */
@RouteStep(needs = "location", leaves = "file")
public class OpenFile implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);

    private final StorageSettings settings;
    private final long mostBytes;
    private final Duration longestOpen;
    /** Limits the number of concurrent attempts to open a file, including attempts that hang. */
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
