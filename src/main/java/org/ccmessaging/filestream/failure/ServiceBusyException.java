package org.ccmessaging.filestream.failure;

/** The service cannot accept the request at present (contract section 4.2, status 503). */
public class ServiceBusyException extends DocumentedFailure {

    private final Refusal refusal;

    /** Creates the exception with which a route's step refuses a request, for example step {@code throwException}. */
    public ServiceBusyException(String message) {
        super(message, null);
        this.refusal = Refusal.ROUTE;
    }

    public ServiceBusyException(Refusal refusal) {
        super(refusal.reason(), null);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
