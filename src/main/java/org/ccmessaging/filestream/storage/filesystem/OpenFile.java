package org.ccmessaging.filestream.storage.filesystem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Step {@code open-file} of {@code read-filesystem}: opens the file at variable {@code location} and leaves a
 * {@link StoredObject} as the body.
 *
 * <p>The step resolves symbolic links before it compares the file with the tenant's folder, and compares complete
 * folder names. So neither a link nor a folder with a similar name leads to another tenant. Therefore the tenant's
 * folder itself cannot be a link. Mount a folder that is elsewhere.
 *
 * <p>Reads of files do not resume as reads of S3 objects do (decision 0016). A disk that cannot read a block cannot
 * read it a moment later either. A network file system repeats what is worth repeating before it reports a failure.
 */
@Component(Steps.OPEN_FILE)
public class OpenFile implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);

    private final StorageSettings settings;
    private final long mostBytes;

    OpenFile(StorageSettings settings, DownloadSettings downloads) {
        boolean anyFolder = settings.byName().values().stream()
                .anyMatch(branch -> branch.type() == StorageSettings.Type.FILESYSTEM);
        if (anyFolder && !"UTF-8".equals(System.getProperty("sun.jnu.encoding"))) {
            LOG.warn("The JVM reads file names as {} and cannot find a file whose name is not plain ASCII."
                    + " Start it with LANG=C.UTF-8.", System.getProperty("sun.jnu.encoding"));
        }
        this.settings = settings;
        this.mostBytes = downloads.maxFileSize().toBytes();
    }

    /**
     * @throws ObjectNotFoundException if the tenant has no such file
     * @throws FileServiceRefusedException if the branch's folder is missing, access is denied or the file is too large
     * @throws ReadBrokenException if the file system fails
     */
    @Override
    public void process(Exchange exchange) {
        ObjectLocation location = exchange.getVariable(Variables.LOCATION, ObjectLocation.class);
        Path file = confined(realRoot(location.branch()), location);
        try {
            BasicFileAttributes opened = attributes(file);
            if (!opened.isRegularFile()) {
                throw new ObjectNotFoundException("not a file: " + location);
            }
            InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
            new StoredObject(content, opened.size(), mostBytes, source(file, content, opened)).attachTo(exchange);
        } catch (AccessDeniedException denied) {
            throw new FileServiceRefusedException("access denied: " + location, denied);
        } catch (NoSuchFileException gone) {
            throw new ObjectNotFoundException("no such file: " + location);
        } catch (IOException failure) {
            throw new ReadBrokenException("cannot be opened: " + location + ": " + failure.getMessage(), failure);
        }
    }

    private Path realRoot(String branch) {
        Path root = settings.named(branch).root();
        try {
            return root.toRealPath();
        } catch (IOException missing) {
            throw new FileServiceRefusedException("no folder at filestream.storage." + branch + ".root = " + root,
                    missing);
        }
    }

    private static Path confined(Path root, ObjectLocation location) {
        Path home = root.resolve(location.home());
        try {
            Path file = root.resolve(location.key()).toRealPath();
            if (!file.startsWith(home)) {
                throw new ObjectNotFoundException("a link leads out of the tenant's folder: " + location);
            }
            return file;
        } catch (AccessDeniedException denied) {
            throw new FileServiceRefusedException("access denied: " + location, denied);
        } catch (FileSystemException | InvalidPathException absent) {
            // The file is absent, a part of the path is no folder, a name is too long, or links form a circle. Below a
            // root that exists, each means that there is no such file.
            throw new ObjectNotFoundException("no such file: " + location);
        } catch (IOException failure) {
            throw new ReadBrokenException("cannot be reached: " + location + ": " + failure.getMessage(), failure);
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static StoredObject.Source source(Path file, InputStream content, BasicFileAttributes opened) {
        return new StoredObject.Source() {
            @Override
            public void abort() {
                try {
                    content.close();
                } catch (IOException ignored) {
                    // The service only read the file, so a failed close loses nothing.
                }
            }

            @Override
            public void requireUnchanged() throws IOException {
                BasicFileAttributes now = attributes(file);
                if (now.size() != opened.size() || !now.lastModifiedTime().equals(opened.lastModifiedTime())) {
                    throw new IOException("the file changed while it was read");
                }
            }
        };
    }
}
