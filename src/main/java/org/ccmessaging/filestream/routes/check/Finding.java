package org.ccmessaging.filestream.routes.check;

/**
 * An error or a warning about the route files.
 *
 * @param code the rule, such as {@code R102}, which {@code routes explain} explains
 * @param message what is wrong, in one line
 * @param hint what to do, in one line, or {@code null}
 */
public record Finding(Place place, Level level, String code, String message, String hint) {

    /** The severity of a finding. */
    public enum Level {

        /** The service does not start with it. */
        ERROR,

        /** Most likely not what the author wants; the service starts. */
        WARNING
    }

    /** A route or a step that findings are about. */
    interface Subject {

        Place place();

        /** Its name in a message, such as {@code step open-standard}. */
        String label();
    }
}
