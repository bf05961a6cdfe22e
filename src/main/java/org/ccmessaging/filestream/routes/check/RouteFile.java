package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;

/**
 * A route file whose text is YAML.
 *
 * @param path the file, below the folder as the user named it
 * @param text its text
 * @param yaml its only document
 */
public record RouteFile(Path path, String text, Value yaml) {

    private static final String SUFFIX = ".camel.yaml";

    /** Whether Camel reads a file of this name. */
    public static boolean isOne(Path file) {
        return file.getFileName().toString().endsWith(SUFFIX);
    }

    /** The name without {@code .camel.yaml}. */
    public String stem() {
        String name = path.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    /** The whole file as a place. */
    public Place place() {
        return Place.of(path);
    }
}
