package org.ccmessaging.filestream.routes.check;

import java.util.Comparator;

/**
 * An error or a warning about the route files.
 *
 * @param place where
 * @param level the severity
 * @param code the rule, such as {@code R101}, which {@code routes explain} explains
 * @param message what is wrong, in one line
 * @param hint what to do, in one line, or {@code null}
 */
public record Finding(Place place, Level level, String code, String message, String hint)
        implements Comparable<Finding> {

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::place)
            .thenComparing(Finding::code).thenComparing(Finding::message);

    /** The severity of a finding. */
    public enum Level {

        /** The service does not start with it. */
        ERROR,

        /** Most likely not what the author wants; the service starts. */
        WARNING
    }

    /** A route or a step that findings are about. */
    interface Subject {

        /** The place of its key. */
        Place place();

        /** Its name in a message, such as {@code step open-standard}. */
        String label();
    }

    @Override
    public int compareTo(Finding other) {
        return ORDER.compare(this, other);
    }
}
