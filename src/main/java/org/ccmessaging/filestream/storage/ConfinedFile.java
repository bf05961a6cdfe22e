package org.ccmessaging.filestream.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import org.apache.camel.util.IOHelper;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.toolkit.ObjectLocation;

/**
 * A regular file below the folder of a branch. {@link #open} follows no links below this folder, and opens each name
 * relative to the handle of its parent folder. So an attacker gains nothing by replacing a folder with a link (decision
 * 0014).
 */
final class ConfinedFile implements StoredObject.Source, Closeable {

    private static final Set<OpenOption> READ_NO_LINK = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    /** Attributes that change when a file is written or replaced. Programs cannot set {@code ctime}. */
    private static final String VERSION = "unix:size,lastModifiedTime,ctime,fileKey";

    /** Maximum length of a file name on Linux, in bytes (limits.h, NAME_MAX). */
    private static final int LONGEST_NAME_BYTES = 255;

    private final Path path;
    private final SeekableByteChannel channel;
    private final Map<String, Object> version;

    private ConfinedFile(Path path, SeekableByteChannel channel, Map<String, Object> version) {
        this.path = path;
        this.channel = channel;
        this.version = version;
    }

    /**
     * @param root the folder of the branch, which may be a link
     * @throws ObjectNotFoundException if the location has no regular file
     * @throws FileServiceRefusedException if the folder of the branch cannot be used, or access is denied
     * @throws ReadBrokenException if the file system fails, or somebody replaces the file during the open
     */
    static ConfinedFile open(Path root, ObjectLocation location) {
        try (SecureDirectoryStream<Path> top = folder(root, location)) {
            return open(root, top, Path.of(location.key()));
        } catch (InvalidPathException | NoSuchFileException | NotDirectoryException absent) {
            throw new ObjectNotFoundException("no such file: " + location);
        } catch (AccessDeniedException denied) {
            throw new FileServiceRefusedException("access denied: " + location, denied);
        } catch (IOException failure) {
            throw new ReadBrokenException("cannot be opened: " + location + ": " + failure.getMessage(), failure);
        }
    }

    private static SecureDirectoryStream<Path> folder(Path root, ObjectLocation location) throws IOException {
        DirectoryStream<Path> folder;
        try {
            folder = Files.newDirectoryStream(root);
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException unusable) {
            throw new FileServiceRefusedException("no folder at filestream.storage." + location.branch() + ".root = "
                    + root, unusable);
        }
        if (folder instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        folder.close();
        throw new FileServiceRefusedException("this system cannot open files relative to a folder's handle: " + root);
    }

    private static ConfinedFile open(Path root, SecureDirectoryStream<Path> top, Path key) throws IOException {
        SecureDirectoryStream<Path> folder = top;
        try {
            for (int i = 0; i < key.getNameCount() - 1; i++) {
                Path name = key.getName(i);
                // Checks the type first, because opening a FIFO would wait for a writer.
                require(attributes(folder, name).isDirectory(), key);
                SecureDirectoryStream<Path> above = folder;
                folder = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
                above.close();
            }
            return openIn(folder, root.resolve(key));
        } finally {
            folder.close();
        }
    }

    private static ConfinedFile openIn(SecureDirectoryStream<Path> folder, Path path) throws IOException {
        Path name = path.getFileName();
        BasicFileAttributes found = attributes(folder, name);
        require(found.isRegularFile(), path);
        SeekableByteChannel channel = folder.newByteChannel(name, READ_NO_LINK);
        try {
            // Java reads ctime only by path. Equal file keys (device, inode) show that the path still names this file.
            Map<String, Object> version = version(path);
            if (!found.fileKey().equals(version.get("fileKey")) || channel.size() != (long) version.get("size")) {
                throw new IOException("somebody replaced the file while it was opened");
            }
            return new ConfinedFile(path, channel, version);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static void require(boolean kind, Path path) throws NoSuchFileException {
        if (!kind) {
            throw new NoSuchFileException(path.toString());
        }
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException | AccessDeniedException reason) {
            throw reason;
        } catch (FileSystemException failure) {
            // A name that is too long means a missing file, not a broken read.
            require(name.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME_BYTES, name);
            throw failure;
        }
    }

    private static Map<String, Object> version(Path path) throws IOException {
        return Files.readAttributes(path, VERSION, LinkOption.NOFOLLOW_LINKS);
    }

    InputStream content() {
        return Channels.newInputStream(channel);
    }

    /** Returns the size in bytes that the file had when it was opened. */
    long size() {
        return (long) version.get("size");
    }

    /** Does not detect all changes: see section Folders of {@code docs/reliability.md}. */
    @Override
    public void requireUnchanged() throws IOException {
        if (!version.equals(version(path))) {
            throw new IOException("the file changed while it was read");
        }
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public void close() {
        IOHelper.close(channel);
    }
}
