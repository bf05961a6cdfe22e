package org.ccmessaging.filestream.failure;

/**
 * The session or tenant is above its own limit (contract section 4.2, 429). If the result codes have no clause for this
 * failure, the client gets the response of {@link ServiceBusyException}.
 */
public final class TooManyRequestsException extends ServiceBusyException {

    /** Creates a refusal by a route or one of its steps, such as {@code throwException}. */
    public TooManyRequestsException(String message) {
        super(message);
    }

    TooManyRequestsException(Refusal refusal) {
        super(refusal);
    }
}
