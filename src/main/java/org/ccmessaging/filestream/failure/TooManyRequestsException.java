package org.ccmessaging.filestream.failure;

/** The session or tenant has reached its limit (contract section 4.2, 429). */
public final class TooManyRequestsException extends ServiceBusyException {

    /** Routes use this constructor, for example in {@code throwException}. */
    public TooManyRequestsException(String message) {
        super(message);
    }

    TooManyRequestsException(Refusal refusal) {
        super(refusal);
    }
}
