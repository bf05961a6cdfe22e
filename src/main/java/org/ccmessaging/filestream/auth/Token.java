package org.ccmessaging.filestream.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Instant;
import org.ccmessaging.filestream.toolkit.Customer;

/**
 * A token of contract section 6 that the service has verified or issued. It prints without its value and its claims, so
 * that no log shows them.
 *
 * @param customer the customer of a session token, any part of which may be {@code null}; {@code null} for an
 *     AccessToken
 */
record Token(String value, JWTClaimsSet claims, TrustedIssuer issuer, Customer customer) {

    /** Returns the app that the token was issued to; {@code null} if the token does not name it. */
    String appKey() {
        return issuer.appKey(claims);
    }

    Instant issuedAt() {
        return claims.getIssueTime().toInstant();
    }

    Instant expiresAt() {
        return claims.getExpirationTime().toInstant();
    }

    @Override
    public String toString() {
        return "Token[appKey=" + appKey() + ", expiresAt=" + expiresAt() + "]";
    }
}
