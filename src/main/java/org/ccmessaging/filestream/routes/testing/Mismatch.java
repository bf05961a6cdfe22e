package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import org.ccmessaging.filestream.routes.check.Place;

/**
 * Something that came otherwise than a test expects.
 *
 * @param place where the test says what it expects
 * @param what what it is about, such as {@code resultCode}
 * @param expected what was expected, line by line
 * @param actual what came, line by line
 */
public record Mismatch(Place place, String what, List<String> expected, List<String> actual) {

    static Mismatch of(Place place, String what, String expected, String actual) {
        return new Mismatch(place, what, List.of(expected), List.of(actual));
    }
}
