package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A snapshot of the route files of a folder.
 *
 * @param folder the folder as the user named it
 * @param contents the bytes of each file, by path; each path includes the folder
 * @param sha256 the SHA-256 of all files in order, as {@code cat routes/*.camel.yaml | sha256sum} prints it
 */
public record RouteFiles(Path folder, SortedMap<Path, byte[]> contents, String sha256) {

    /** Reads all {@code *.camel.yaml} files of a folder, except hidden files, which editors create. */
    public static RouteFiles read(Path folder) {
        SortedMap<Path, byte[]> contents = new TreeMap<>();
        MessageDigest sha256 = DigestUtils.getSha256Digest();
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : found.filter(file -> file.getFileName().toString().matches("[^.].*\\.camel\\.yaml")
                    && !Files.isDirectory(file)).toList()) {
                contents.put(file, Files.readAllBytes(file));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the route files in " + folder + " cannot be read", unreadable);
        }
        contents.values().forEach(sha256::update);
        return new RouteFiles(folder, contents, Hex.encodeHexString(sha256.digest()));
    }

    public Stream<String> texts() {
        return contents.values().stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Returns whether files exist and no file is empty. Some editors empty a file before they write the text. */
    public boolean isComplete() {
        return !contents.isEmpty() && contents.values().stream().noneMatch(text -> text.length == 0);
    }
}
