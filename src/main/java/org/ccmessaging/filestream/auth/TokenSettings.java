package org.ccmessaging.filestream.auth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An issuer of one kind of token, and further issuers of the same kind. An issuer has own keys, or an address of its
 * metadata or of its key set. Without any of them, the settings for both kinds apply.
 *
 * @param issuer the {@code iss} of its tokens; by default {@code issuerUri} or {@code filestream.auth.issuer}
 * @param signingKeys HS256 secrets that verify its tokens; the service signs with the first one
 * @param issuerUri address under which the issuer publishes its metadata (OpenID Connect Discovery 1.0, section 4)
 * @param jwkSetUri address of its key set
 * @param audience an {@code aud} that its tokens carry; by default that of contract section 6
 * @param claims the claims of its tokens
 * @param issuers further issuers by any name; the {@code iss} of a token selects one
 */
public record TokenSettings(String issuer, @DefaultValue List<SigningKey> signingKeys, URI issuerUri, URI jwkSetUri,
        String audience, @DefaultValue Claims claims, @DefaultValue Map<String, TokenSettings> issuers) {

    long ways() {
        return Stream.of(issuerUri, jwkSetUri).filter(Objects::nonNull).count() + (signingKeys.isEmpty() ? 0 : 1);
    }

    /**
     * A secret that signs tokens.
     *
     * @param kid its ID in the header of the tokens; {@code null} for a key that verifies tokens with any ID
     * @param secret UTF-8 text of at least 32 bytes
     */
    public record SigningKey(String kid, Secret secret) {
    }

    /**
     * The names of claims; {@code null} for those of contract section 6. A dot leads into an object, unless a claim has
     * the complete name.
     *
     * @param appKey the claim with the app that the token was issued to
     * @param tenantId the claim with the tenant; {@code app} for the setting {@code tenant-id} of the token's app
     * @param channelId the claim with the channel
     * @param userId the claim with the customer's ID
     */
    public record Claims(String appKey, String tenantId, String channelId, String userId) {
    }
}
