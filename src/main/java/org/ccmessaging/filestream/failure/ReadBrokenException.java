package org.ccmessaging.filestream.failure;

/**
 * The storage could not be reached, or a read from it broke: reset, timed out, shorter than announced, changed
 * while it was read (contract.md section 4.1, code 13).
 */
public final class ReadBrokenException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public ReadBrokenException(String message) {
        super(message, null);
    }

    /**
     * @param message what happened, for the log
     * @param cause what led to it
     */
    public ReadBrokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
