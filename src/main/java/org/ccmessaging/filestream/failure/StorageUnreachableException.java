package org.ccmessaging.filestream.failure;

/**
 * The storage gave no response: it refused the connection, or nothing came in time (contract section 4.1, code 13). The
 * client gets the response of {@link ReadBrokenException}, unless an installation gives this failure its own
 * clause.
 */
public final class StorageUnreachableException extends ReadBrokenException {

    public StorageUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
