package org.ccmessaging.filestream.failure;

/** No operation has the path of the request (contract.md section 4.2, 404). */
public final class UnknownPathException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public UnknownPathException(String message) {
        super(message, null);
    }
}
