package org.ccmessaging.filestream.auth;

import java.time.Instant;

/**
 * A genuine AccessToken (contract section 6). It names the app that calls.
 *
 * @param value the signed token, as a client sends it
 * @param appKey the app that the token was issued to
 * @param issuedAt when the token was issued; {@code null} if it does not say
 * @param expiresAt when the token expires
 */
public record AccessToken(String value, String appKey, Instant issuedAt, Instant expiresAt) implements Token {

    /** Leaves the value out, so that no log shows it. */
    @Override
    public String toString() {
        return "AccessToken[appKey=" + appKey + ", expiresAt=" + expiresAt + "]";
    }
}
