package org.ccmessaging.filestream.failure;

/** A genuine session token lacks {@code tenantId}, {@code channelId} or {@code userId} (resultCode 2). */
public final class IdentityMissingException extends DocumentedFailure {

    public IdentityMissingException(String message) {
        super(message, null);
    }
}
