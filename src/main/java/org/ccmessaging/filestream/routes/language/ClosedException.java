package org.ccmessaging.filestream.routes.language;

/** Thrown if a route file contains something that is not in the language of routes. The message names it. */
public final class ClosedException extends IllegalArgumentException {

    private final String hint;

    /** @param message what is not in the language */
    public ClosedException(String message) {
        this(message, null);
    }

    /**
     * @param message what is not in the language
     * @param hint what to do, in one line; {@code null} for nothing
     */
    public ClosedException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** Returns what to do, in one line; {@code null} for nothing. */
    public String hint() {
        return hint;
    }
}
