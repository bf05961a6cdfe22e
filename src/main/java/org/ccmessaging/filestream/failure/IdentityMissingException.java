package org.ccmessaging.filestream.failure;

/** A genuine session token lacks {@code tenantId}, {@code channelId} or {@code userId} (code 2). */
public final class IdentityMissingException extends DocumentedFailure {

    public IdentityMissingException(String message) {
        super(message, null);
    }
}
