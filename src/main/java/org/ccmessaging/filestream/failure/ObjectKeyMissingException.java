package org.ccmessaging.filestream.failure;

/**
 * There is no object key: no {@code fileId}, nothing after {@code local/}, or an ID that the multimedia library does
 * not know (contract section 4.1, code 401).
 *
 * @since 0.1.0
 */
public final class ObjectKeyMissingException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public ObjectKeyMissingException(String message) {
        super(message, null);
    }
}
