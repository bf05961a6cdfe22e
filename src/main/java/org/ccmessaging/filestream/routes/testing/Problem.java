package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import org.ccmessaging.filestream.routes.check.Place;

/**
 * Something that is wrong with a test file, so that none of its tests can run.
 *
 * @param place where
 * @param text what is wrong, in one line
 * @param hint what to do, in one line, or {@code null}
 */
public record Problem(Place place, String text, String hint) {

    /** One line, and one more for the hint. */
    public List<String> lines() {
        String line = place + "  error  " + text;
        return hint == null ? List.of(line) : List.of(line, "    " + hint);
    }
}
