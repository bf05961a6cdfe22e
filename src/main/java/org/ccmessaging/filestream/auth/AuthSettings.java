package org.ccmessaging.filestream.auth;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the service verifies tokens, and which apps may fetch tokens from it. The first three settings apply to each kind
 * of token for which no other issuer is set.
 *
 * @param signingKey HS256 secret, UTF-8 text of at least 32 bytes
 * @param jwkSetUri key set of an external issuer, instead of a signing key
 * @param issuer the {@code iss} of the tokens
 * @param accessToken the issuers of AccessTokens
 * @param sessionToken the issuers of session tokens
 * @param sessionGrace how long after its expiry a session token that the service signed is accepted and renewed
 *     (contract section 5)
 * @param tokenEndpoints whether the service serves tokenByAkSk and applyToken, each of which needs a signing key
 * @param onlyListedApps whether {@code apps} must list the app of an AccessToken
 * @param apps the apps that may fetch tokens, by app key
 */
@ConfigurationProperties(prefix = "filestream.auth", ignoreUnknownFields = false)
public record AuthSettings(Secret signingKey, URI jwkSetUri, String issuer, TokenSettings accessToken,
        TokenSettings sessionToken, Duration sessionGrace, boolean tokenEndpoints, boolean onlyListedApps,
        Map<String, App> apps) {

    static final String PREFIX = "filestream.auth.";
    private static final Duration LONGEST_GRACE = Duration.ofDays(1);

    /**
     * An app that may fetch tokens.
     *
     * @param secret the app's secret ({@code app_secret} of tokenByAkSk)
     * @param tenantId the tenant whose files the app's users may read
     */
    public record App(Secret secret, String tenantId) {
    }

    /**
     * @throws InvalidSettingException if a kind of token has no usable key, two issuers cannot be told apart, or an app
     *     is incomplete
     */
    public AuthSettings(Secret signingKey, URI jwkSetUri, String issuer, @DefaultValue TokenSettings accessToken,
            @DefaultValue TokenSettings sessionToken, Duration sessionGrace, boolean tokenEndpoints,
            boolean onlyListedApps, @DefaultValue Map<String, App> apps) {
        this.signingKey = SettingChecks.blankToNull(signingKey);
        this.jwkSetUri = jwkSetUri;
        this.issuer = issuer;
        this.accessToken = accessToken;
        this.sessionToken = sessionToken;
        this.sessionGrace = sessionGrace;
        this.tokenEndpoints = tokenEndpoints;
        this.onlyListedApps = onlyListedApps;
        this.apps = apps;
        SettingChecks.refuseIf(this.signingKey != null && jwkSetUri != null, PREFIX + "signing-key", signingKey,
                "either it or " + PREFIX + "jwk-set-uri, not both");
        SettingChecks.requireText(PREFIX + "issuer", issuer);
        SettingChecks.requireBetween(PREFIX + "session-grace", sessionGrace, Duration.ZERO, LONGEST_GRACE,
                "a duration from 0s to 1d");
        apps.forEach((appKey, app) -> {
            String prefix = PREFIX + "apps." + appKey;
            SettingChecks.refuseIf(SettingChecks.blankToNull(app.secret()) == null, prefix + ".secret", app.secret(),
                    "a secret");
            SettingChecks.requireText(prefix + ".tenant-id", app.tenantId());
        });
        TrustedIssuer.requireDistinct(this);
        SettingChecks.refuseIf(tokenEndpoints && TrustedIssuer.signing(TrustedIssuer.ofAccessTokens(this)).isEmpty()
                        && TrustedIssuer.signing(TrustedIssuer.ofSessionTokens(this)).isEmpty(),
                PREFIX + "token-endpoints", true, "false, since only a service with a " + PREFIX
                        + "signing-key can issue tokens");
    }
}
