package org.ccmessaging.filestream.failure;

/** The {@code fileId} is missing, or the multimedia library does not know it (contract section 4.1, code 401). */
public final class ObjectKeyMissingException extends DocumentedFailure {

    public ObjectKeyMissingException(String message) {
        super(message, null);
    }
}
