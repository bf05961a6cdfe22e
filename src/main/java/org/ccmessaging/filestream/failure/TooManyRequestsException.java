package org.ccmessaging.filestream.failure;

/**
 * The session or tenant is above its own limit (contract section 4.2, 429). The client gets the response of {@link
 * ServiceBusyException} from result codes without a clause for this failure.
 */
public final class TooManyRequestsException extends ServiceBusyException {

    /** For a step {@code throwException} of a route. */
    public TooManyRequestsException(String message) {
        super(message);
    }

    TooManyRequestsException(Refusal refusal) {
        super(refusal);
    }
}
