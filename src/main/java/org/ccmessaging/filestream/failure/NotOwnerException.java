package org.ccmessaging.filestream.failure;

/**
 * The object belongs to another user, or has no single owner although {@code s3.owner-metadata} is set. The client gets
 * the response for a missing file (contract section 10).
 */
public final class NotOwnerException extends DocumentedFailure {

    public NotOwnerException(String message) {
        super(message, null);
    }
}
