package org.ccmessaging.filestream.failure;

/**
 * A credential of the request is not valid (contract section 4.2, 401). The message names the failed check for the log.
 * The response never names it.
 */
public class UnauthorizedException extends DocumentedFailure {

    public UnauthorizedException(String message) {
        super(message, null);
    }

    public UnauthorizedException(String message, Throwable cause) {
        super(message, cause);
    }
}
