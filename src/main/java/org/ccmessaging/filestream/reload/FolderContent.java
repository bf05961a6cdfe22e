package org.ccmessaging.filestream.reload;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.TestFiles;

/**
 * The route files of a folder and their tests, at one moment.
 *
 * @param tests the bytes of each file in {@code tests/} by its path
 */
record FolderContent(RouteFiles routes, SortedMap<Path, byte[]> tests) {

    static FolderContent read(Path folder) {
        return new FolderContent(RouteFiles.read(folder), readTests(folder));
    }

    static SortedMap<Path, byte[]> readTests(Path folder) {
        return Files.isDirectory(folder.resolve("tests")) ? TestFiles.contents(folder)
                : Collections.emptySortedMap();
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
        return other != null && routes.isSame(other.routes) && RouteFiles.isSame(tests, other.tests);
    }
}
