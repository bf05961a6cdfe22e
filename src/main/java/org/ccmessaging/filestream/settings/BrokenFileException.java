package org.ccmessaging.filestream.settings;

/** A configuration file is no YAML. This stops the start. */
final class BrokenFileException extends RuntimeException {

    /** @param message file, line and column, and what is wrong there */
    BrokenFileException(String message, RuntimeException cause) {
        super(message, cause);
    }
}
