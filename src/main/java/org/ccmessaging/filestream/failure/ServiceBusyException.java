package org.ccmessaging.filestream.failure;

/**
 * The service does not take the request now: all permits or the customer's share of them are taken, the service drains
 * before it stops, or an operator stopped the route (contract section 4.2, 503).
 */
public final class ServiceBusyException extends DocumentedFailure {

    private final long retryAfterSeconds;

    /** The client may try again after a second. */
    public ServiceBusyException(String message) {
        this(message, 1);
    }

    /** @param retryAfterSeconds seconds after which the client may try again; at least 1 */
    public ServiceBusyException(String message, long retryAfterSeconds) {
        super(message, null);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Seconds after which the client may try again; at least 1. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
