package org.ccmessaging.filestream.auth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An issuer of one kind of token. It has signing keys, the address of its metadata, or the address of its key set. If
 * it has none of these, it uses the key or key set for both kinds of token. An entry of {@code issuers} must have one.
 *
 * @param issuer the {@code iss} of its tokens; by default {@code issuerUri} or {@code filestream.auth.issuer}
 * @param signingKeys HS256 secrets that verify its tokens; the service signs with the first secret
 * @param issuerUri address under which the issuer publishes its metadata (OpenID Connect Discovery 1.0, section 4)
 * @param jwkSetUri address of its key set
 * @param audience a value that the {@code aud} of its tokens must contain; the default is in contract section 6
 * @param claims the names of the claims in its tokens
 * @param issuers more issuers of this kind of token, each under any name; the {@code iss} of a token selects the issuer
 */
public record TokenSettings(String issuer, @DefaultValue List<SigningKey> signingKeys, URI issuerUri, URI jwkSetUri,
        String audience, @DefaultValue Claims claims, @DefaultValue Map<String, TokenSettings> issuers) {

    long ways() {
        return Stream.of(issuerUri, jwkSetUri).filter(Objects::nonNull).count() + (signingKeys.isEmpty() ? 0 : 1);
    }

    /**
     * A key that verifies and signs tokens.
     *
     * @param kid the key ID in the header of tokens; {@code null} for a key that verifies tokens with any key ID
     * @param secret UTF-8 text of at least 32 bytes
     */
    public record SigningKey(String kid, Secret secret) {
    }

    /**
     * The names of claims; {@code null} for the name in contract section 6. If no claim has the complete name, a dot in
     * the name separates an object from its member.
     *
     * @param appKey the claim with the app that the token was issued to
     * @param tenantId the claim with the tenant, or {@code app} for the tenant in the settings of the token's app
     * @param channelId the claim with the channel
     * @param userId the claim with the customer's ID
     */
    public record Claims(String appKey, String tenantId, String channelId, String userId) {
    }
}
