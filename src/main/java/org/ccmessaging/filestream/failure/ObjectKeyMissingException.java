package org.ccmessaging.filestream.failure;

/**
 * The request leads to no object key: no {@code fileId}, nothing after {@code local/}, or an ID that the multimedia
 * library does not know (contract section 4.1, code 401).
 */
public final class ObjectKeyMissingException extends DocumentedFailure {

    public ObjectKeyMissingException(String message) {
        super(message, null);
    }
}
