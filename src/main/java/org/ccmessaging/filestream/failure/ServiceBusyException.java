package org.ccmessaging.filestream.failure;

/** The service does not take the request now, because of a {@link Refusal} (contract section 4.2, 503). */
public class ServiceBusyException extends DocumentedFailure {

    private final Refusal refusal;

    /** For a step {@code throwException} of a route. */
    public ServiceBusyException(String message) {
        super(message, null);
        this.refusal = Refusal.ROUTE;
    }

    public ServiceBusyException(Refusal refusal) {
        super(refusal.reason(), null);
        this.refusal = refusal;
    }

    /** Why the service does not take the request. */
    public Refusal refusal() {
        return refusal;
    }
}
