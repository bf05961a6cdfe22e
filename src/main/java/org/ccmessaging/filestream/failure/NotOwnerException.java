package org.ccmessaging.filestream.failure;

/**
 * The object belongs to another customer, or {@code s3.owner-metadata} is set and the object has no owner (contract
 * section 10). The client gets the response for a missing file; in the library, for an unknown ID.
 */
public final class NotOwnerException extends DocumentedFailure {

    public NotOwnerException(String message) {
        super(message, null);
    }
}
