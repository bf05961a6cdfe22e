package org.ccmessaging.filestream.failure;

/** The service does not take the request now, because of a {@link Refusal} (contract section 4.2, 503). */
public class ServiceBusyException extends DocumentedFailure {

    private final Refusal refusal;

    /** Creates a refusal by a route or one of its steps, such as {@code throwException}. */
    public ServiceBusyException(String message) {
        super(message, null);
        this.refusal = Refusal.ROUTE;
    }

    public ServiceBusyException(Refusal refusal) {
        super(refusal.reason(), null);
        this.refusal = refusal;
    }

    /** Returns why the service refuses the request. */
    public Refusal refusal() {
        return refusal;
    }
}
