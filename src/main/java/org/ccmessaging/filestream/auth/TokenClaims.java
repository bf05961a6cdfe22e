package org.ccmessaging.filestream.auth;

import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.security.oauth2.jwt.Jwt;

/** Names of the claims of contract section 6, and the conversion of claims into our records. */
final class TokenClaims {

    static final String ACCESS_AUDIENCE = "apiaccess";
    static final String SESSION_AUDIENCE = "ccmessaging";

    static final String TENANT_ID = "tenantId";
    static final String CHANNEL_ID = "channelId";
    static final String USER_ID = "userId";

    /** The app that a session token belongs to (OpenID Connect Core, section 2). */
    static final String APP_KEY = "azp";

    private TokenClaims() {
    }

    static AccessToken accessToken(Jwt jwt) {
        return new AccessToken(jwt.getTokenValue(), jwt.getSubject(), jwt.getIssuedAt(), jwt.getExpiresAt());
    }

    static SessionToken sessionToken(Jwt jwt) {
        Customer customer = new Customer(jwt.getClaimAsString(TENANT_ID), jwt.getClaimAsString(CHANNEL_ID),
                jwt.getClaimAsString(USER_ID));
        return new SessionToken(jwt.getTokenValue(), jwt.getClaimAsString(APP_KEY), customer, jwt.getExpiresAt(),
                jwt.getClaims());
    }
}
