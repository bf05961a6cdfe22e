package org.ccmessaging.filestream.auth.token;

import java.time.Instant;
import java.util.Map;
import org.ccmessaging.filestream.toolkit.Customer;

/**
 * A genuine session token (contract section 6): it names the customer.
 *
 * @param value the signed token, as a client sends it
 * @param appKey the app whose session it is ({@code azp}); {@code null} where the token does not say
 * @param customer the customer; any part of it may be {@code null}
 * @param expiresAt end of its life
 * @param claims all claims, which a renewed token carries on
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
