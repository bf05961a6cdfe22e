package org.ccmessaging.filestream.failure;

/**
 * The request is malformed (contract section 4.2, 400). The message names the field, or line and column, and what is
 * allowed. The response contains the message after the documented sentence.
 */
public final class InvalidRequestException extends DocumentedFailure {

    /** @param message what happened, for the client and the log */
    public InvalidRequestException(String message) {
        this(message, null);
    }

    /** @param message what happened, for the client and the log */
    public InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
