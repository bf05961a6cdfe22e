package org.ccmessaging.filestream.auth;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the service verifies tokens, and which apps may fetch tokens from it.
 *
 * @param signingKey HS256 secret, UTF-8 text of at least 32 bytes (RFC 7518 section 3.2: at least as long as the hash)
 * @param jwkSetUri key set of an external issuer (RS256, ES256), instead of a signing key
 * @param issuer the {@code iss} that every token must carry
 * @param tokenEndpoints whether the service serves tokenByAkSk and applyToken, for which it needs a signing key
 * @param apps the apps that may fetch tokens, by app key
 */
@ConfigurationProperties(prefix = "filestream.auth", ignoreUnknownFields = false)
public record AuthSettings(Secret signingKey, URI jwkSetUri, String issuer, boolean tokenEndpoints,
        @DefaultValue Map<String, App> apps) {

    private static final String PREFIX = "filestream.auth.";
    private static final int SHORTEST_KEY_BYTES = 32;

    /**
     * An app that may fetch tokens.
     *
     * @param secret the app's secret ({@code app_secret} of tokenByAkSk)
     * @param tenantId the tenant whose files the app's users may read
     */
    public record App(Secret secret, String tenantId) {
    }

    /** @throws InvalidSettingException if there is not exactly one usable key, or the issuer or an app is incomplete */
    public AuthSettings {
        signingKey = SettingChecks.blankToNull(signingKey);
        SettingChecks.refuseIf((signingKey == null) == (jwkSetUri == null), PREFIX + "signing-key", signingKey,
                signingKey != null ? "either it or " + PREFIX + "jwk-set-uri, not both"
                        : "a secret of at least 32 bytes that tokens are signed with (there is no default), or "
                                + PREFIX + "jwk-set-uri for tokens of an external issuer");
        if (signingKey != null) {
            int bytes = signingKey.reveal().getBytes(StandardCharsets.UTF_8).length;
            SettingChecks.refuseIf(bytes < SHORTEST_KEY_BYTES, PREFIX + "signing-key", signingKey,
                    "at least 32 bytes, but it has " + bytes + "; `openssl rand -base64 48` makes a good one");
        }
        if (jwkSetUri != null) {
            SettingChecks.requireHttp(PREFIX + "jwk-set-uri", jwkSetUri);
        }
        SettingChecks.requireText(PREFIX + "issuer", issuer);
        SettingChecks.refuseIf(tokenEndpoints && signingKey == null, PREFIX + "token-endpoints", true,
                "false, since only a service with a " + PREFIX + "signing-key can issue tokens");
        apps.forEach((appKey, app) -> {
            String prefix = PREFIX + "apps." + appKey;
            SettingChecks.refuseIf(SettingChecks.blankToNull(app.secret()) == null, prefix + ".secret", app.secret(),
                    "a secret");
            SettingChecks.requireText(prefix + ".tenant-id", app.tenantId());
        });
    }
}
