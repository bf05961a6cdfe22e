package org.ccmessaging.filestream.failure;

/**
 * No operation has the path of the request (contract section 4.2, 404).
 *
 * @since 0.1.0
 */
public final class UnknownPathException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public UnknownPathException(String message) {
        super(message, null);
    }
}
