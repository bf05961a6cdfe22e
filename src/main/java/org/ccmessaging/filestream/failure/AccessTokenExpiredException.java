package org.ccmessaging.filestream.failure;

/**
 * The AccessToken is genuine and has expired. The client gets the response of {@link UnauthorizedException}, unless an
 * installation gives this failure its own clause (contract sections 4.2 and 6).
 */
public final class AccessTokenExpiredException extends UnauthorizedException {

    public AccessTokenExpiredException(String message) {
        super(message);
    }
}
