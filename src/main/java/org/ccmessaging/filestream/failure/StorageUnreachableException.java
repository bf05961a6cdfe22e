package org.ccmessaging.filestream.failure;

/**
 * A file in a folder could not be opened in time, or too many files were being opened. An installation may add an
 * {@code onException} clause for this failure.
 */
public final class StorageUnreachableException extends ReadBrokenException {

    public StorageUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
