package org.ccmessaging.filestream.routes.check;

import org.ccmessaging.filestream.toolkit.LogText;

/**
 * An error or a warning about the route files.
 *
 * @param code the rule, such as {@code R102}, which {@code routes explain} explains
 * @param message what is wrong, in one line
 * @param hint what to do, in one line, or {@code null}
 */
public record Finding(Place place, Level level, String code, String message, String hint) {

    /** Maximum length of a message and of a hint, in characters. Of a longer one, the middle is left out. */
    private static final int LONGEST = 400;

    private static final int LONGEST_END = 100;

    /** Makes the characters of names and values visible that would break or reorder a line. */
    public Finding {
        message = shown(message);
        hint = shown(hint);
    }

    /** Returns a text with an author's names and values as a finding shows it; {@code null} for {@code null}. */
    static String shown(String text) {
        return LogText.visible(text == null || text.length() <= LONGEST ? text
                : text.substring(0, LONGEST - LONGEST_END) + "…" + text.substring(text.length() - LONGEST_END));
    }

    /** The severity of a finding. */
    public enum Level {

        /** The service does not start with it. */
        ERROR,

        /** Most likely not what the author wants; the service starts. */
        WARNING
    }
}
