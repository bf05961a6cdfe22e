package org.ccmessaging.filestream.failure;

/** A file could not be opened in time. An installation may give this failure its own clause. */
public final class StorageUnreachableException extends ReadBrokenException {

    public StorageUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
