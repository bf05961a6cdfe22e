package org.ccmessaging.filestream.failure;

/**
 * The storage gave no response: it refused the connection, or nothing came in time (contract section 4.1, code 13). The
 * client gets the response of {@link ReadBrokenException}, unless an installation gives this failure a clause of its
 * own.
 *
 * @since 0.2.0
 */
public final class StorageUnreachableException extends ReadBrokenException {

    /**
     * @param message what happened, for the log
     * @param cause what led to it
     */
    public StorageUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
