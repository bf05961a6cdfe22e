package org.ccmessaging.filestream.failure;

/**
 * The session token is genuine but lacks {@code tenantId}, {@code channelId} or {@code userId} (contract section 4.1,
 * code 2).
 */
public final class IdentityMissingException extends DocumentedFailure {

    public IdentityMissingException(String message) {
        super(message, null);
    }
}
