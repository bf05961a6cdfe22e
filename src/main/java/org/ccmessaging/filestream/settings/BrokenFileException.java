package org.ccmessaging.filestream.settings;

/** A configuration file is no YAML, or no text in UTF-8. This stops the start. */
final class BrokenFileException extends RuntimeException {

    private final String action;

    /**
     * @param message file, line and column, and what is wrong there
     * @param action what to do
     */
    BrokenFileException(String message, String action, RuntimeException cause) {
        super(message, cause);
        this.action = action;
    }

    /** What to do. */
    String action() {
        return action;
    }
}
