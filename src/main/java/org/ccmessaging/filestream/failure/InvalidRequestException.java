package org.ccmessaging.filestream.failure;

/** The request is malformed (status 400). The client gets the message of this exception. */
public final class InvalidRequestException extends DocumentedFailure {

    public InvalidRequestException(String message) {
        this(message, null);
    }

    public InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
