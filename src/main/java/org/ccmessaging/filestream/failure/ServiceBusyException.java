package org.ccmessaging.filestream.failure;

/**
 * More downloads are in flight than {@code filestream.download.max-in-flight} allows, or the service is draining
 * before it stops (contract.md section 4.2, 503).
 */
public final class ServiceBusyException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public ServiceBusyException(String message) {
        super(message, null);
    }
}
