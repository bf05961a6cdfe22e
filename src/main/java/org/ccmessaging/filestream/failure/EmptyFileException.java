package org.ccmessaging.filestream.failure;

/** The object exists and has no bytes (contract section 4.1, code 13). */
public final class EmptyFileException extends DocumentedFailure {

    public EmptyFileException(String message) {
        super(message, null);
    }
}
