package org.ccmessaging.filestream.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A patch of docs/examples: title, explanation and unified diff.
 *
 * @param name the file without its extension
 */
public record Example(String name, String text) {

    private static final Path FOLDER = Path.of("docs/examples");
    private static final String SUFFIX = ".patch";
    private static final Pattern NEW_FILE = Pattern.compile(
            "(?m)^--- /dev/null\n\\+\\+\\+ b/routes/[a-z-]+\\.camel\\.yaml\n@@.*\n((?:\\+.*\n)+)");
    private static final Pattern BASE = Pattern.compile("(?m)^Apply it after ([a-z0-9-]+)\\.patch\\.");

    static List<Example> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> of(file.getFileName().toString().replace(SUFFIX, ""))).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Example of(String name) {
        try {
            return new Example(name, Files.readString(FOLDER.resolve(name + SUFFIX)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Returns the first new route file of an example. */
    public static String newFile(String name) {
        return NEW_FILE.matcher(of(name).text).results().findFirst().orElseThrow().group(1).replaceAll("(?m)^\\+", "");
    }

    Path file() {
        return FOLDER.resolve(name + SUFFIX).toAbsolutePath();
    }

    /** The example that must be applied before this one. */
    Optional<Example> base() {
        return BASE.matcher(text).results().findFirst().map(base -> of(base.group(1)));
    }

    @Override
    public String toString() {
        return name;
    }
}
