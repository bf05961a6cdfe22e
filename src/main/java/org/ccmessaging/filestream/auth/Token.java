package org.ccmessaging.filestream.auth;

import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * A token of contract section 6 that the service has verified or issued. It prints without its value and its claims, so
 * that no log shows them.
 *
 * @param customer the customer of a session token, any part of which may be {@code null}; {@code null} for an
 *     AccessToken
 */
record Token(Jwt jwt, TrustedIssuer issuer, Customer customer) {

    /** Returns the app that the token was issued to; {@code null} if the token does not name it. */
    String appKey() {
        return issuer.appKey(jwt);
    }

    String value() {
        return jwt.getTokenValue();
    }

    @Override
    public String toString() {
        return "Token[appKey=" + appKey() + ", expiresAt=" + jwt.getExpiresAt() + "]";
    }
}
