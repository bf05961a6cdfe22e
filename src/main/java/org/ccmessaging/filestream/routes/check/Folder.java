package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The text level of the check: which files of the folder Camel reads, and whether each is YAML. */
final class Folder {

    /** The largest route file: twenty times the largest that is shipped. */
    private static final long LARGEST = 1024L * 1024;

    private static final String TESTS = "tests";
    private static final String ONLY = "not read: only *.camel.yaml directly in ";

    /** Files that somebody may take for route files. */
    private static final Pattern LOOKS_LIKE_ROUTES = Pattern.compile("(?i).*\\.ya?ml([.~_-].*)?|.*\\.ya?ml~?");

    private final Path folder;
    private final Findings findings;

    Folder(Path folder, Findings findings) {
        this.folder = folder;
        this.findings = findings;
    }

    /** @throws UncheckedIOException if the folder or a file cannot be read */
    RouteSet read(UnaryOperator<String> settings) {
        List<RouteFile> files = new ArrayList<>();
        int found = 0;
        for (Path file : content()) {
            if (Files.isDirectory(file)) {
                subfolder(file);
            } else if (!isRead(file)) {
                unread(file);
            } else {
                found++;
                read(file).ifPresent(files::add);
            }
        }
        return RouteSet.of(folder, files, found, settings);
    }

    private List<Path> content() {
        try (Stream<Path> content = Files.list(folder)) {
            return content.sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(folder + " cannot be read", unreadable);
        }
    }

    private static boolean isRead(Path file) {
        return RouteFile.isOne(file) && !isHidden(file);
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private void subfolder(Path file) {
        if (!file.getFileName().toString().equals(TESTS) && !isHidden(file)) {
            try (Stream<Path> below = Files.walk(file)) {
                below.filter(Files::isRegularFile).filter(RouteFile::isOne).sorted().forEach(this::unread);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(file + " cannot be read", unreadable);
            }
        }
    }

    private void unread(Path file) {
        if (LOOKS_LIKE_ROUTES.matcher(file.getFileName().toString()).matches()) {
            findings.warning("R004", Place.of(file), ONLY + folder + "/");
        }
    }

    private Optional<RouteFile> read(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                findings.error("R009", Place.of(file), size + " bytes: a route file has at most " + LARGEST);
                return Optional.empty();
            }
            return new Text(file, Files.readAllBytes(file), findings).parse();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + " cannot be read", unreadable);
        }
    }
}
