package org.ccmessaging.filestream.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A patch of docs/examples: title, explanation and unified diff.
 *
 * @param name the file without its extension
 */
public record Example(String name, String text) {

    private static final Path FOLDER = Path.of("docs/examples");
    private static final String SUFFIX = ".patch";
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
        return of(name).added("[a-z-]+\\.camel\\.yaml");
    }

    private String added(String file) {
        Matcher lines = Pattern.compile("(?m)^--- /dev/null\n\\+\\+\\+ b/routes/" + file
                + "\n@@.*\n((?:\\+.*\n)+)").matcher(text);
        if (!lines.find()) {
            throw new IllegalArgumentException(name + " adds no file " + file);
        }
        return lines.group(1).lines().map(line -> line.substring(1) + "\n").collect(Collectors.joining());
    }

    Path file() {
        return FOLDER.resolve(name + SUFFIX).toAbsolutePath();
    }

    /** The example that must be applied before this one. */
    Optional<Example> base() {
        Matcher base = BASE.matcher(text);
        return base.find() ? Optional.of(of(base.group(1))) : Optional.empty();
    }

    @Override
    public String toString() {
        return name;
    }
}
