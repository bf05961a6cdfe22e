package org.ccmessaging.filestream.failure;

/**
 * The {@code fileId} is missing or only {@code local/}, or the multimedia library does not know the ID (contract
 * section 4.1, resultCode 401).
 */
public final class ObjectKeyMissingException extends DocumentedFailure {

    public ObjectKeyMissingException(String message) {
        super(message, null);
    }
}
