package org.ccmessaging.filestream.auth;

import java.time.Instant;
import java.util.Map;
import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * A token of contract section 6 that the service has verified or issued. It prints without its value and its claims, so
 * that no log shows them.
 *
 * @param value the signed token, as a client sends it
 * @param appKey the app that the token was issued to; {@code null} if the token does not name it
 * @param customer the customer of a session token, any part of which may be {@code null}; {@code null} for an
 *     AccessToken
 * @param issuedAt the claim {@code iat}; may be {@code null}
 * @param expiresAt the claim {@code exp}
 * @param issuer where it comes from
 * @param claims all claims, which a renewed token keeps
 */
record Token(String value, String appKey, Customer customer, Instant issuedAt, Instant expiresAt,
        TrustedIssuer issuer, Map<String, Object> claims) {

    static final String ACCESS_AUDIENCE = "apiaccess";
    static final String SESSION_AUDIENCE = "ccmessaging";

    static Token of(Jwt jwt, TrustedIssuer issuer, Customer customer) {
        return new Token(jwt.getTokenValue(), issuer.appKey(jwt), customer, jwt.getIssuedAt(), jwt.getExpiresAt(),
                issuer, jwt.getClaims());
    }

    @Override
    public String toString() {
        return "Token[appKey=" + appKey + ", expiresAt=" + expiresAt + "]";
    }
}
