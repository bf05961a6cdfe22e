package org.ccmessaging.filestream.routes.language;

/** Thrown if a route file contains something that is not in the language of routes. The message names it. */
public final class ClosedException extends IllegalArgumentException {

    private final String hint;
    private final int index;

    /** @param message what is not in the language */
    public ClosedException(String message) {
        this(message, null, -1);
    }

    ClosedException(String message, String hint, int index) {
        super(message);
        this.hint = hint;
        this.index = index;
    }

    /** Returns the index in the expression; -1 for all of it. */
    public int index() {
        return index;
    }

    /** Returns what to do, in one line; {@code null} for nothing. */
    public String hint() {
        return hint;
    }
}
