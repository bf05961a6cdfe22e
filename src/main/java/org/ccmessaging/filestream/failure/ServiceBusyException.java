package org.ccmessaging.filestream.failure;

/**
 * More downloads are in flight than {@code filestream.download.max-in-flight} allows, the service drains before it
 * stops, or an operator stopped the route (contract section 4.2, 503).
 *
 * @since 0.1.0
 */
public final class ServiceBusyException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public ServiceBusyException(String message) {
        super(message, null);
    }
}
