package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;

/** The files of a folder that somebody may take for route files, and that the service does not read. */
final class Folder {

    private static final String TESTS = "tests";

    private static final Pattern LOOKS_LIKE_ROUTES = Pattern.compile("(?i).*\\.ya?ml([.~_-].*)?|.*\\.ya?ml~?");

    private Folder() {
    }

    /** @throws UncheckedIOException if the folder cannot be read */
    static void check(Path folder, Findings findings) {
        try (Stream<Path> content = Files.list(folder)) {
            content.flatMap(Folder::unread)
                    .filter(file -> LOOKS_LIKE_ROUTES.matcher(file.getFileName().toString()).matches())
                    .forEach(file -> findings.warning("R004", Place.of(file), "not read: only *.camel.yaml directly in "
                            + folder + "/", null));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(folder + " cannot be read", unreadable);
        }
    }

    private static Stream<Path> unread(Path file) {
        String name = file.getFileName().toString();
        if (!Files.isDirectory(file)) {
            return Stream.of(file).filter(one -> !RouteFiles.isOne(one));
        } else if (name.equals(TESTS) || name.startsWith(".")) {
            return Stream.empty();
        }
        try {
            return Files.walk(file).filter(Files::isRegularFile).filter(RouteFiles::isOne);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + " cannot be read", unreadable);
        }
    }
}
