package org.ccmessaging.filestream.failure;

/** The object has no bytes (resultCode 13). */
public final class EmptyFileException extends DocumentedFailure {

    public EmptyFileException(String message) {
        super(message, null);
    }
}
