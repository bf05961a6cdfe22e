package org.ccmessaging.filestream.failure;

/**
 * The three credentials of a request do not hold (contract.md section 4.2, 401). The message says which check
 * failed; it is for the log only, the client is never told.
 */
public final class UnauthorizedException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public UnauthorizedException(String message) {
        super(message, null);
    }

    /**
     * @param message what happened, for the log
     * @param cause what led to it
     */
    public UnauthorizedException(String message, Throwable cause) {
        super(message, cause);
    }
}
