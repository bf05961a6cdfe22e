package org.ccmessaging.filestream.failure;

/** The service cannot fetch the keys that verify tokens (contract section 4.2, status 500). */
public final class TokenKeysUnavailableException extends DocumentedFailure {

    public TokenKeysUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
