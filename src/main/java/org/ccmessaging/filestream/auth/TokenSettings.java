package org.ccmessaging.filestream.auth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An issuer of one kind of token. The keys of the issuer come from {@code signingKeys}, {@code issuerUri} or
 * {@code jwkSetUri}. If none of these three is set, the key or key set of {@code filestream.auth} applies, except to
 * entries of {@code issuers}.
 *
 * @param issuer the {@code iss} of tokens; by default {@code issuerUri} or {@code filestream.auth.issuer}
 * @param signingKeys HS256 secrets that verify tokens; the service signs with the first secret
 * @param issuerUri address under which the issuer publishes its metadata (OpenID Connect Discovery 1.0, section 4)
 * @param audience a value that the {@code aud} of tokens must contain; the default is in contract section 6
 * @param issuers more issuers of this kind of token, by arbitrary names; the {@code iss} of a token selects the issuer
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
     * Claim names; {@code null} for the name in contract section 6. If claim {@code a.b} does not exist, the name
     * {@code a.b} means member {@code b} of claim {@code a}.
     *
     * @param tenantId a claim name, or {@code app} for the tenant in the settings of the token's app
     */
    public record Claims(String appKey, String tenantId, String channelId, String userId) {
    }
}
