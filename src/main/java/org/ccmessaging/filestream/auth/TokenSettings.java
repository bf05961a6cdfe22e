package org.ccmessaging.filestream.auth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An issuer of one kind of token, with {@code signingKeys}, {@code issuerUri} or {@code jwkSetUri}. By default, the
 * issuer has the key or key set of {@code filestream.auth}. An entry of {@code issuers} has no default.
 *
 * @param issuer the {@code iss} of tokens; by default {@code issuerUri} or {@code filestream.auth.issuer}
 * @param signingKeys HS256 secrets that verify tokens; the service signs with the first secret
 * @param issuerUri address under which the issuer publishes its metadata (OpenID Connect Discovery 1.0, section 4)
 * @param audience a value that the {@code aud} of tokens must contain; the default is in contract section 6
 * @param issuers more issuers of this kind of token, each under any name; the {@code iss} of a token selects the issuer
 */
public record TokenSettings(String issuer, @DefaultValue List<SigningKey> signingKeys, URI issuerUri, URI jwkSetUri,
        String audience, @DefaultValue Claims claims, @DefaultValue Map<String, TokenSettings> issuers) {

    long ways() {
        return Stream.of(issuerUri, jwkSetUri).filter(Objects::nonNull).count() + (signingKeys.isEmpty() ? 0 : 1);
    }

    /** An HS256 key of at least 32 bytes. A key without {@code kid} verifies tokens with any key ID. */
    public record SigningKey(String kid, Secret secret) {
    }

    /**
     * Claim names; {@code null} for the name in contract section 6. If no claim has the complete name, a dot in the
     * name separates an object from its member.
     *
     * @param tenantId a claim name, or {@code app} for the tenant in the settings of the token's app
     */
    public record Claims(String appKey, String tenantId, String channelId, String userId) {
    }
}
