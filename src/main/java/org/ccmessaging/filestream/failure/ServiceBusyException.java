package org.ccmessaging.filestream.failure;

/**
 * The service has no permit for the download now, because all are taken or the customer has had its share, or it drains
 * before it stops, or an operator stopped the route (contract section 4.2, 503).
 *
 * @since 0.1.0
 */
public final class ServiceBusyException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public ServiceBusyException(String message) {
        super(message, null);
    }
}
