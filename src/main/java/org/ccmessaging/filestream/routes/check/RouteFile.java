package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A route file whose text is YAML.
 *
 * @param path the file, below the folder as the user named it
 * @param text its text
 * @param yaml its only document
 */
public record RouteFile(Path path, String text, Value yaml) {

    /**
     * Reads YAML with the places of its values, whatever it is for.
     *
     * @param findings takes what is wrong with the text
     */
    public static Optional<RouteFile> parse(Path file, byte[] bytes, Findings findings) {
        return new Text(file, bytes, findings).parse();
    }

    /** The whole file as a place. */
    public Place place() {
        return Place.of(path);
    }
}
