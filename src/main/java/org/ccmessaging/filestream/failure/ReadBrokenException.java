package org.ccmessaging.filestream.failure;

/**
 * A read broke: reset, timeout, fewer bytes than announced, a change of the object during the read (contract section
 * 4.1, code 13). {@link StorageUnreachableException} says that it did not start.
 *
 * @since 0.1.0
 */
public class ReadBrokenException extends DocumentedFailure {

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
