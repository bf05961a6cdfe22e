package org.ccmessaging.filestream.failure;

/** No operation has the path of the request (contract section 4.2, status 404). */
public final class UnknownPathException extends DocumentedFailure {

    public UnknownPathException(String message) {
        super(message, null);
    }
}
