package org.ccmessaging.filestream.failure;

/**
 * A genuine AccessToken has expired. An installation may add an {@code onException} clause for this failure (contract
 * section 6).
 */
public final class AccessTokenExpiredException extends UnauthorizedException {

    public AccessTokenExpiredException(String message) {
        super(message);
    }
}
