package org.ccmessaging.filestream.failure;

/** A genuine AccessToken has expired. An installation may give this failure its own clause (contract section 6). */
public final class AccessTokenExpiredException extends UnauthorizedException {

    public AccessTokenExpiredException(String message) {
        super(message);
    }
}
