package org.ccmessaging.filestream.routes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A snapshot of the route files of a folder. The check and the generation use its content, whatever happens
 * to the folder meanwhile.
 *
 * @param folder the folder as the user named it
 * @param contents the bytes of each file by its path below the folder. A file larger than {@link #LARGEST} is cut one
 *     byte above it, and files are left out once {@link #MOST_BYTES} or {@link #MOST_FILES} is exceeded
 * @param proof the bytes of {@link #SUMS} and {@link #SIGNATURE} by their paths, as far as the folder has them;
 *     {@code null} of files that do not come from the folder, such as those of the history
 */
public record RouteFiles(Path folder, SortedMap<Path, byte[]> contents, SortedMap<Path, byte[]> proof) {

    /** Name of the file that lists the files with their SHA-256, as {@code sha256sum *.camel.yaml} prints it. */
    public static final String SUMS = "SHA256SUMS";

    /** Name of the file with the signature of {@link #SUMS}. */
    public static final String SIGNATURE = SUMS + ".sig";

    /** Maximum size of a route file, in bytes: seven times all shipped files. A running service checks it. */
    public static final int LARGEST = 256 * 1024;

    /** Maximum size of all files of a folder together, in bytes. */
    public static final int MOST_BYTES = 2 * LARGEST;

    /** Maximum number of route files of a folder. */
    public static final int MOST_FILES = 500;

    private static final Set<OpenOption> NO_LINK = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    /** Returns whether a file name is that of a route file. Hidden files belong to editors. */
    public static boolean isOne(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".camel.yaml") && !name.startsWith(".");
    }

    /**
     * Reads the files of a folder.
     *
     * @throws UncheckedIOException if the folder or a file cannot be read
     */
    public static RouteFiles read(Path folder) {
        SortedMap<Path, byte[]> contents = new TreeMap<>();
        SortedMap<Path, byte[]> proof = new TreeMap<>();
        try (Stream<Path> found = Files.list(folder)) {
            long size = 0;
            for (Path file : found.filter(file -> isOne(file) && !Files.isDirectory(file)).sorted().toList()) {
                // A single file that is too large hides no fault of the others.
                if (size <= MOST_BYTES + LARGEST && contents.size() <= MOST_FILES) {
                    contents.put(file, bytes(folder, file, LARGEST));
                    size += contents.get(file).length;
                }
            }
            for (Path file : List.of(folder.resolve(SUMS), folder.resolve(SIGNATURE))) {
                if (Files.exists(file)) {
                    proof.put(file, bytes(folder, file, LARGEST));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the route files in " + folder + " cannot be read", unreadable);
        }
        return new RouteFiles(folder, contents, proof);
    }

    /**
     * Reads a file of a folder of routes, up to one byte above the largest size. A link must lead to a file of the
     * folder. Otherwise a user who can write to the folder could read the host through the service.
     *
     * @throws IOException if it cannot be read, or is not a regular file: the reader of a pipe waits for a writer
     */
    public static byte[] bytes(Path folder, Path file, int largest) throws IOException {
        // Its exceptions have the name that the user knows.
        file.getFileSystem().provider().checkAccess(file, AccessMode.READ);
        Path top = folder.toRealPath();
        Path real = top.resolve(folder.relativize(file)).toRealPath();
        boolean outside = !real.startsWith(top);
        if (outside || !Files.isRegularFile(real)) {
            throw new FileSystemException(file.toString(), null,
                    outside ? "it is a link to a file outside the folder of routes" : "it is no regular file");
        }
        return bytes(Files.newDirectoryStream(top), top, top.relativize(real), largest);
    }

    /** A handle stays with its folder, whatever takes its name meanwhile. Systems without handles use paths. */
    private static byte[] bytes(DirectoryStream<Path> opened, Path folder, Path below, int largest) throws IOException {
        try (opened) {
            SecureDirectoryStream<Path> handle = opened instanceof SecureDirectoryStream<Path> secure ? secure : null;
            if (handle != null && below.getNameCount() > 1) {
                return bytes(handle.newDirectoryStream(below.getName(0), LinkOption.NOFOLLOW_LINKS), folder,
                        below.subpath(1, below.getNameCount()), largest);
            }
            try (InputStream content = Channels.newInputStream(handle != null ? handle.newByteChannel(below, NO_LINK)
                    : Files.newByteChannel(folder.resolve(below), NO_LINK))) {
                return content.readNBytes(largest + 1);
            }
        }
    }

    /** Returns files with these texts, by file name. */
    public static RouteFiles of(Path folder, Map<String, String> texts) {
        SortedMap<Path, byte[]> contents = new TreeMap<>();
        texts.forEach((name, text) -> contents.put(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8)));
        return new RouteFiles(folder, contents, null);
    }

    /** Returns the text of each file by its name, in order. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        contents.forEach((file, bytes) ->
                texts.put(file.getFileName().toString(), new String(bytes, StandardCharsets.UTF_8)));
        return texts;
    }

    /** Returns the SHA-256 of all files in order, as {@code cat routes/*.camel.yaml | sha256sum} prints it. */
    public String sha256() {
        MessageDigest sha256 = DigestUtils.getSha256Digest();
        contents.values().forEach(sha256::update);
        return Hex.encodeHexString(sha256.digest());
    }

    /** Returns these files without copies of the frame, which runs from the jar. */
    public RouteFiles ofAuthors() {
        SortedMap<Path, byte[]> authors = new TreeMap<>(contents);
        authors.keySet().removeIf(ShippedRoutes::isFrame);
        return new RouteFiles(folder, authors, proof);
    }

    /** Returns whether other files have the same names, bytes and proof. */
    public boolean isSame(RouteFiles other) {
        return isSame(contents, other.contents)
                && (proof == null || other.proof == null ? proof == other.proof : isSame(proof, other.proof));
    }

    /** Returns whether two maps have the same files with the same bytes. */
    public static boolean isSame(Map<Path, byte[]> one, Map<Path, byte[]> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream().allMatch(file -> Arrays.equals(file.getValue(), other.get(file.getKey())));
    }

    /** Returns the names of the files, in order. */
    public List<String> names() {
        return contents.keySet().stream().map(file -> file.getFileName().toString()).toList();
    }
}
