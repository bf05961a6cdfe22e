package org.ccmessaging.filestream.failure;

/** A file in a folder could not be opened in time. An installation may add a clause for this failure. */
public final class StorageUnreachableException extends ReadBrokenException {

    public StorageUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
