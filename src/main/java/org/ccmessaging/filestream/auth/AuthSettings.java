package org.ccmessaging.filestream.auth;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.auth.TokenSettings.SigningKey;
import org.ccmessaging.filestream.settings.Between;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings for the verification of tokens, and the apps that may fetch tokens from the service.
 *
 * @param tokenEndpoints whether the service serves tokenByAkSk and applyToken, which need a signing key
 * @param onlyListedApps whether an AccessToken is valid only if {@code apps} lists its app
 * @param apps the apps that may fetch tokens, by app key
 */
@ConfigurationProperties(prefix = "filestream.auth", ignoreUnknownFields = false)
public record AuthSettings(List<TrustedIssuer> accessTokens, List<TrustedIssuer> sessionTokens, boolean tokenEndpoints,
        boolean onlyListedApps, Map<String, App> apps) {

    static final String PREFIX = "filestream.auth.";

    /**
     * An app that may fetch tokens.
     *
     * @param secret a plain text or a hash; mandatory only if the service signs AccessTokens
     * @param tenantId the tenant whose files the app's users may read
     */
    public record App(Secret secret, String tenantId) {

        private App checked(String prefix, boolean needsSecret) {
            SettingChecks.requireText(prefix + ".tenant-id", tenantId);
            // If an optional secret is missing, the app gets a random secret that nobody knows.
            Secret known = needsSecret || secret != null ? secret : new Secret("{noop}" + UUID.randomUUID());
            AppSecrets.check(prefix + ".secret", known);
            return new App(known, tenantId);
        }
    }

    /** @throws InvalidSettingException if the settings contradict each other, or a setting of an app is wrong */
    public AuthSettings {
        boolean signsAccessTokens = TrustedIssuer.signing(accessTokens).isPresent();
        TrustedIssuer.requireDistinct(accessTokens, sessionTokens);
        SettingChecks.refuseIf(tokenEndpoints && !signsAccessTokens && TrustedIssuer.signing(sessionTokens).isEmpty(),
                PREFIX + "token-endpoints", true, "false, since only a service with a " + PREFIX
                        + "signing-key can issue tokens");
        apps = apps.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                app -> app.getValue().checked(PREFIX + "apps." + app.getKey(), signsAccessTokens)));
    }

    /**
     * Binds the settings. By default, AccessTokens and session tokens use {@code signingKey} or {@code jwkSetUri}.
     *
     * @param signingKey HS256 secret, UTF-8 text of at least 32 bytes
     * @param jwkSetUri address of an external issuer's key set, instead of a signing key
     * @param issuer the {@code iss} of both kinds of token, unless their settings name another issuer
     * @param accessToken how the service verifies AccessTokens
     * @param sessionToken how the service verifies session tokens
     * @param sessionGrace how long the service still accepts and renews its own expired session tokens
     * @throws InvalidSettingException if a setting is wrong, or a kind of token has no usable key
     */
    @ConstructorBinding
    public AuthSettings(Secret signingKey, URI jwkSetUri, String issuer,
            @DefaultValue TokenSettings accessToken, @DefaultValue TokenSettings sessionToken,
            @Between(min = "0s", max = "1d") Duration sessionGrace, boolean tokenEndpoints, boolean onlyListedApps,
            @DefaultValue Map<String, App> apps) {
        this(TrustedIssuer.of("access-token", accessToken, shared(signingKey, jwkSetUri, issuer), "apiaccess",
                TrustedIssuer.OF_ACCESS_TOKEN, Duration.ZERO),
                TrustedIssuer.of("session-token", sessionToken, shared(signingKey, jwkSetUri, issuer), "ccmessaging",
                        TrustedIssuer.OF_SESSION_TOKEN, sessionGrace), tokenEndpoints, onlyListedApps, apps);
        SettingChecks.refuseIf(sessionGrace == null, PREFIX + "session-grace", null, "a duration from 0s to 1d");
    }

    private static TokenSettings shared(Secret signingKey, URI jwkSetUri, String issuer) {
        boolean own = SettingChecks.blankToNull(signingKey) != null;
        SettingChecks.refuseIf(own && jwkSetUri != null, PREFIX + "signing-key", signingKey,
                "either it or " + PREFIX + "jwk-set-uri, not both");
        SettingChecks.requireText(PREFIX + "issuer", issuer);
        return new TokenSettings(issuer, own ? List.of(new SigningKey(null, signingKey)) : List.of(),
                null, jwkSetUri, null, null, Map.of());
    }
}
