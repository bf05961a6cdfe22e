package org.ccmessaging.filestream.failure;

/**
 * The service has no permit for the download now, because all are taken or the customer has had its share, or it drains
 * before it stops, or an operator stopped the route (contract section 4.2, 503).
 *
 * @since 0.1.0
 */
public final class ServiceBusyException extends DocumentedFailure {

    private final long retryAfterSeconds;

    /**
     * The client may try again after a second.
     *
     * @param message what happened, for the log
     */
    public ServiceBusyException(String message) {
        this(message, 1);
    }

    /**
     * @param message what happened, for the log
     * @param retryAfterSeconds after how long the client may try again; at least 1
     */
    public ServiceBusyException(String message, long retryAfterSeconds) {
        super(message, null);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Seconds after which the client may try again; at least 1. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
