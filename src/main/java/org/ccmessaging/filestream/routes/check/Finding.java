package org.ccmessaging.filestream.routes.check;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.toolkit.LogText;

/**
 * An error or a warning about the route files.
 *
 * @param message what is wrong, in one line
 * @param hint what to do, in one line, or {@code null}
 */
public record Finding(Place place, Level level, String message, String hint) {

    /** Makes the characters of names and values visible that would break or reorder a line. */
    public Finding {
        message = LogText.visible(message);
        hint = LogText.visible(hint);
    }

    /** Returns the finding in one line, such as {@code routes/a.camel.yaml:3:5  error  …}, and its hint in another. */
    public Stream<String> lines() {
        return Stream.concat(Stream.of(LogText.visible(place.toString()) + "  " + level.name().toLowerCase(Locale.ROOT)
                + "  " + message), Stream.ofNullable(hint).map(text -> "    " + text));
    }

    /** Returns the finding and its hint in a single line. */
    public String line() {
        return lines().map(String::strip).collect(Collectors.joining(". "));
    }

    /** The severity of a finding. */
    public enum Level {

        /** The service does not start with it. */
        ERROR,

        /** Most likely not what the author wants; the service starts. */
        WARNING
    }
}
