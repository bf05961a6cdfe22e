package org.ccmessaging.filestream.auth.token;

import java.time.Instant;

/**
 * A genuine AccessToken (contract section 6): it names the app that calls.
 *
 * @param value the signed token, as a client sends it
 * @param appKey the app that the service or the external issuer gave it to
 * @param issuedAt start of its life; {@code null} where its issuer does not say
 * @param expiresAt end of its life
 */
public record AccessToken(String value, String appKey, Instant issuedAt, Instant expiresAt) implements Token {

    /** Leaves the value out, so that no log shows it. */
    @Override
    public String toString() {
        return "AccessToken[appKey=" + appKey + ", expiresAt=" + expiresAt + "]";
    }
}
