package org.ccmessaging.filestream.failure;

/** The service does not take the request now, because of a {@link Refusal} (contract section 4.2, 503). */
public final class ServiceBusyException extends DocumentedFailure {

    private final Refusal refusal;
    private final long retryAfterSeconds;

    /** For a step {@code throwException} of a route. The client may try again after a second. */
    public ServiceBusyException(String message) {
        this(Refusal.ROUTE, message, 1);
    }

    /** The client may try again after a second. */
    public ServiceBusyException(Refusal refusal) {
        this(refusal, 1);
    }

    /** @param retryAfterSeconds seconds after which the client may try again; at least 1 */
    public ServiceBusyException(Refusal refusal, long retryAfterSeconds) {
        this(refusal, refusal.reason(), retryAfterSeconds);
    }

    private ServiceBusyException(Refusal refusal, String message, long retryAfterSeconds) {
        super(message, null);
        this.refusal = refusal;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Why the service does not take the request. */
    public Refusal refusal() {
        return refusal;
    }

    /** Seconds after which the client may try again; at least 1. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
