package org.ccmessaging.filestream.failure;

/**
 * The service cannot fetch the keys that verify tokens, so it cannot say whether the credentials are valid (contract
 * section 4.2, 500).
 *
 * @since 0.1.0
 */
public final class TokenKeysUnavailableException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public TokenKeysUnavailableException(String message) {
        super(message, null);
    }

    /**
     * @param message what happened, for the log
     * @param cause what led to it
     */
    public TokenKeysUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
