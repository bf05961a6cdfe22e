package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.List;
import org.ccmessaging.filestream.routes.check.Place;

/** Collects what is wrong with test files, in the order in which it is found. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();

    /** @param hint what to do; {@code null} if the text says it */
    void add(Place place, String text, String hint) {
        found.add(new Problem(place, text, hint));
    }

    List<Problem> found() {
        return List.copyOf(found);
    }
}
