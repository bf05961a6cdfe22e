package org.ccmessaging.filestream.failure;

/**
 * The keys that tokens are verified with could not be had, so nothing can be said about the caller (contract.md
 * section 4.2, 500).
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
