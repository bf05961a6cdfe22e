package org.ccmessaging.filestream.auth;

import java.time.Instant;
import java.util.Map;
import org.ccmessaging.filestream.toolkit.Customer;

/**
 * A genuine session token (contract section 6). It names the customer.
 *
 * @param value the signed token, as a client sends it
 * @param appKey the app that the token was issued to ({@code azp}); {@code null} if it does not say
 * @param customer the customer; any part of it may be {@code null}
 * @param expiresAt when the token expires
 * @param claims all claims, which a renewed token keeps
 */
public record SessionToken(
        String value, String appKey, Customer customer, Instant expiresAt, Map<String, Object> claims)
        implements Token {

    /** Leaves value and claims out, so that no log shows them. */
    @Override
    public String toString() {
        return "SessionToken[appKey=" + appKey + ", expiresAt=" + expiresAt + "]";
    }
}
