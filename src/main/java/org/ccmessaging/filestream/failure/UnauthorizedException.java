package org.ccmessaging.filestream.failure;

/**
 * A credential is missing or invalid, or a route lacks a required step (contract section 4.2, status 401). The message
 * is only for the log.
 */
public class UnauthorizedException extends DocumentedFailure {

    public UnauthorizedException(String message) {
        super(message, null);
    }

    public UnauthorizedException(String message, Throwable cause) {
        super(message, cause);
    }
}
