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
 * @param appKey the app that the token was issued to; {@code null} if a session token does not name it
 * @param customer the customer of a session token, any part of which may be {@code null}; {@code null} for an
 *     AccessToken
 * @param issuedAt the claim {@code iat}; may be {@code null}
 * @param expiresAt the claim {@code exp}
 * @param claims all claims, which a renewed token keeps
 */
record Token(String value, String appKey, Customer customer, Instant issuedAt, Instant expiresAt,
        Map<String, Object> claims) {

    static final String ACCESS_AUDIENCE = "apiaccess";
    static final String SESSION_AUDIENCE = "ccmessaging";

    /** Claims of a session token: its customer, and its app (OpenID Connect Core, section 2). */
    static final String TENANT_ID = "tenantId";
    static final String CHANNEL_ID = "channelId";
    static final String USER_ID = "userId";
    static final String APP_KEY = "azp";

    static Token access(Jwt jwt) {
        return new Token(jwt.getTokenValue(), jwt.getSubject(), null, jwt.getIssuedAt(), jwt.getExpiresAt(),
                jwt.getClaims());
    }

    static Token session(Jwt jwt) {
        Customer customer = new Customer(jwt.getClaimAsString(TENANT_ID), jwt.getClaimAsString(CHANNEL_ID),
                jwt.getClaimAsString(USER_ID));
        return new Token(jwt.getTokenValue(), jwt.getClaimAsString(APP_KEY), customer, jwt.getIssuedAt(),
                jwt.getExpiresAt(), jwt.getClaims());
    }

    @Override
    public String toString() {
        return "Token[appKey=" + appKey + ", expiresAt=" + expiresAt + "]";
    }
}
