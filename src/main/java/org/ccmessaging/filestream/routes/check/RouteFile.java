package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A route file whose text is YAML.
 *
 * @param path the file, below the folder as the user named it
 */
public record RouteFile(Path path, String text, Value yaml) {

    /** Parses any YAML file that holds a list. The findings receive what is wrong with the text. */
    public static Optional<RouteFile> parse(Path file, byte[] bytes, Findings findings) {
        return new TextLevel(file, findings).parse(bytes);
    }
}
