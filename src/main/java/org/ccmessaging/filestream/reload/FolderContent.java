package org.ccmessaging.filestream.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;

/**
 * The route files of a folder and their tests, at one moment.
 *
 * @param tests the bytes of each file in {@code tests/} by its path
 */
record FolderContent(RouteFiles routes, SortedMap<Path, byte[]> tests) {

    /** Maximum size of a test file, in bytes. */
    private static final int LARGEST_TEST = 1024 * 1024;

    /** Maximum size of all tests, in bytes: two hundred times that of the shipped tests. The service keeps them. */
    private static final long MOST_OF_TESTS = 8L * LARGEST_TEST;

    static FolderContent read(Path folder) {
        return new FolderContent(RouteFiles.read(folder), readTests(folder));
    }

    static SortedMap<Path, byte[]> readTests(Path folder) {
        SortedMap<Path, byte[]> tests = new TreeMap<>();
        Path below = folder.resolve("tests");
        if (!Files.isDirectory(below)) {
            return tests;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(below, FolderContent::isTest)) {
            long size = 0;
            for (Path file : files) {
                byte[] bytes = RouteFiles.bytes(file, LARGEST_TEST);
                if (bytes.length > LARGEST_TEST) {
                    throw new IOException(file + " is larger than " + LARGEST_TEST + " bytes");
                }
                tests.put(file, bytes);
                size += bytes.length;
                if (size > MOST_OF_TESTS) {
                    throw new IOException("the tests in " + below + " have more than " + MOST_OF_TESTS
                            + " bytes in total");
                }
            }
            return tests;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the tests in " + below + " cannot be read", unreadable);
        }
    }

    private static boolean isTest(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".test.yaml") && !name.startsWith(".") && !Files.isDirectory(file);
    }

    /** Returns why the files are not complete yet, for people. Editors that write in place begin with an empty file. */
    Optional<String> missing() {
        if (routes.contents().isEmpty()) {
            return Optional.of(routes.folder() + " holds no *.camel.yaml file");
        }
        return Stream.concat(routes.contents().entrySet().stream(), tests.entrySet().stream())
                .filter(file -> file.getValue().length == 0).map(file -> file.getKey() + " is empty").findFirst();
    }

    static String reason(Path folder, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof FileSystemException file ? file.getFile() + " cannot be read: " + reason(file)
                : Objects.requireNonNullElse(cause.getMessage(), folder + " cannot be read: " + cause);
    }

    /** Returns why a file cannot be read or written, without its path. */
    static String reason(FileSystemException failure) {
        return failure instanceof NoSuchFileException ? "it does not exist"
                : failure instanceof NotDirectoryException ? "it is not a folder"
                : failure instanceof AccessDeniedException ? "permission denied"
                : Objects.requireNonNullElse(failure.getReason(), failure.toString());
    }

    boolean isSame(FolderContent other) {
        return other != null && hasRoutes(other.routes) && RouteFiles.isSame(tests, other.tests);
    }

    boolean hasRoutes(RouteFiles files) {
        return routes.isSame(files);
    }
}
