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
import org.ccmessaging.filestream.routes.RouteFiles;

/** The text level of the check: which files of the folder the service reads, and whether each is YAML. */
final class Folder {

    private static final String TESTS = "tests";
    private static final String ONLY = "not read: only *.camel.yaml directly in ";

    /** Files that somebody may take for route files. */
    private static final Pattern LOOKS_LIKE_ROUTES = Pattern.compile("(?i).*\\.ya?ml([.~_-].*)?|.*\\.ya?ml~?");

    private final RouteFiles routes;
    private final Path folder;
    private final Findings findings;

    Folder(RouteFiles routes, Findings findings) {
        this.routes = routes;
        this.folder = routes.folder();
        this.findings = findings;
    }

    /** @throws UncheckedIOException if the folder cannot be read */
    RouteSet read(UnaryOperator<String> settings) {
        for (Path file : content()) {
            if (Files.isDirectory(file)) {
                subfolder(file);
            } else if (!RouteFiles.isOne(file)) {
                unread(file);
            }
        }
        List<RouteFile> files = new ArrayList<>();
        boolean tooLarge = routes.contents().values().stream().filter(bytes -> bytes.length <= RouteFiles.LARGEST)
                .mapToLong(bytes -> bytes.length).sum() > RouteFiles.LARGEST;
        if (tooLarge) {
            findings.error("R009", Place.of(folder), "the route files are more than " + RouteFiles.LARGEST
                    + " bytes, the most of all together", "move out what is no route");
        } else {
            routes.contents().forEach((file, bytes) -> parse(file, bytes).ifPresent(files::add));
        }
        return RouteSet.of(folder, files, routes.contents().size(), settings);
    }

    private Optional<RouteFile> parse(Path file, byte[] bytes) {
        if (bytes.length > RouteFiles.LARGEST) {
            findings.error("R009", Place.of(file), "more than " + RouteFiles.LARGEST
                    + " bytes, the most of a route file");
            return Optional.empty();
        }
        return new Text(file, bytes, findings).parse();
    }

    private List<Path> content() {
        try (Stream<Path> content = Files.list(folder)) {
            return content.sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(folder + " cannot be read", unreadable);
        }
    }

    private static boolean isHidden(Path file) {
        return file.getFileName().toString().startsWith(".");
    }

    private void subfolder(Path file) {
        if (!file.getFileName().toString().equals(TESTS) && !isHidden(file)) {
            try (Stream<Path> below = Files.walk(file)) {
                below.filter(Files::isRegularFile).filter(RouteFiles::isOne).sorted().forEach(this::unread);
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
}
