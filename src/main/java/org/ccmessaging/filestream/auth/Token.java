package org.ccmessaging.filestream.auth;

import java.time.Instant;
import java.util.Map;
import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * A genuine token of either kind of contract section 6: its signature, issuer, audience and lifetime are valid. Its
 * text leaves the value out, so that no log shows it.
 */
public sealed interface Token {

    /** Audience of an AccessToken. */
    String ACCESS_AUDIENCE = "apiaccess";

    /** Audience of a session token. */
    String SESSION_AUDIENCE = "ccmessaging";

    /** Claim of a session token: the customer's tenant. */
    String TENANT_ID = "tenantId";

    /** Claim of a session token: the customer's channel. */
    String CHANNEL_ID = "channelId";

    /** Claim of a session token: the customer's ID. */
    String USER_ID = "userId";

    /** Claim of a session token: the app that it belongs to (OpenID Connect Core, section 2). */
    String APP_KEY = "azp";

    /** The signed token, as a client sends it. */
    String value();

    /** When the token expires. */
    Instant expiresAt();

    /**
     * A genuine AccessToken. It names the app that calls.
     *
     * @param appKey the app that the token was issued to
     * @param issuedAt when the token was issued; {@code null} if it does not say
     */
    record Access(String value, String appKey, Instant issuedAt, Instant expiresAt) implements Token {

        static Access of(Jwt jwt) {
            return new Access(jwt.getTokenValue(), jwt.getSubject(), jwt.getIssuedAt(), jwt.getExpiresAt());
        }

        @Override
        public String toString() {
            return "AccessToken[appKey=" + appKey + ", expiresAt=" + expiresAt + "]";
        }
    }

    /**
     * A genuine session token. It names the customer.
     *
     * @param appKey the app that the token was issued to; {@code null} if it does not say
     * @param customer the customer; any part of it may be {@code null}
     * @param claims all claims, which a renewed token keeps; its text leaves them out as well
     */
    record Session(String value, String appKey, Customer customer, Instant expiresAt, Map<String, Object> claims)
            implements Token {

        static Session of(Jwt jwt) {
            return new Session(jwt.getTokenValue(), jwt.getClaimAsString(APP_KEY),
                    new Customer(jwt.getClaimAsString(TENANT_ID), jwt.getClaimAsString(CHANNEL_ID),
                            jwt.getClaimAsString(USER_ID)), jwt.getExpiresAt(), jwt.getClaims());
        }

        @Override
        public String toString() {
            return "SessionToken[appKey=" + appKey + ", expiresAt=" + expiresAt + "]";
        }
    }
}
