package org.ccmessaging.filestream.routes.check;

import java.util.Comparator;

/**
 * Something that is wrong with the route files.
 *
 * @param place where
 * @param level how bad it is
 * @param code the rule, such as {@code R101}, which {@code routes explain} explains
 * @param message what is wrong, in one line
 * @param hint what to do, in one line, or {@code null}
 */
public record Finding(Place place, Level level, String code, String message, String hint)
        implements Comparable<Finding> {

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::place)
            .thenComparing(Finding::code).thenComparing(Finding::message);

    @Override
    public int compareTo(Finding other) {
        return ORDER.compare(this, other);
    }
}
