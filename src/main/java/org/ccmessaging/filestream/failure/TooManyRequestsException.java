package org.ccmessaging.filestream.failure;

/** A limit of the session or tenant is reached (contract section 4.2, status 429). */
public final class TooManyRequestsException extends ServiceBusyException {

    /** Creates the exception with which a route's step refuses a request, for example step {@code throwException}. */
    public TooManyRequestsException(String message) {
        super(message);
    }

    TooManyRequestsException(Refusal refusal) {
        super(refusal);
    }
}
