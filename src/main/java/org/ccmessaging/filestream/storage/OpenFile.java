package org.ccmessaging.filestream.storage;

import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step {@code open-file} of {@code read-filesystem}: opens the {@link ConfinedFile} at the {@link ConfinedLocation} and
 * leaves a {@link StoredObject} as the body.
 *
 * <p>A broken read of a file does not resume, unlike a read of an S3 object (decision 0001). If a disk cannot read a
 * block, a second read fails as well. A network file system itself repeats a read before it reports a failure.
 */
@RouteStep(description = "Opens the file below the tenant's folder without following links. The exchange closes it"
        + " when the response has been sent. Fails with 13.",
        needs = "location", leaves = "file")
public class OpenFile implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);

    private final StorageSettings settings;
    private final long mostBytes;
    private final OpeningThreads threads;

    OpenFile(StorageSettings settings, DownloadSettings downloads) {
        if (!settings.ofType(StorageSettings.Type.FILESYSTEM).isEmpty()
                && !"UTF-8".equals(System.getProperty("sun.jnu.encoding"))) {
            LOG.warn("The JVM reads file names as {} and cannot find a file whose name is not plain ASCII."
                    + " Start it with LANG=C.UTF-8.", System.getProperty("sun.jnu.encoding"));
        }
        this.settings = settings;
        this.mostBytes = downloads.maxFileSize().toBytes();
        this.threads = new OpeningThreads(downloads.maxInFlight(), downloads.firstByteTimeout());
    }

    @Override
    public void process(Exchange exchange) {
        ObjectLocation location = ConfinedLocation.require(exchange);
        Path root = settings.named(location.branch(), StorageSettings.Type.FILESYSTEM).root();
        ConfinedFile file = threads.open(() -> ConfinedFile.open(root, location));
        new StoredObject(file.content(), file.size(), mostBytes, file).attachTo(exchange);
    }
}
