package org.ccmessaging.filestream.failure;

/** The path exists, the method does not (contract.md section 4.2, 405). */
public final class MethodNotAllowedException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public MethodNotAllowedException(String message) {
        super(message, null);
    }
}
