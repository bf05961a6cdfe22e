package org.ccmessaging.filestream.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.auth.TokenSettings.Claims;
import org.ccmessaging.filestream.auth.TokenSettings.SigningKey;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.ccmessaging.filestream.toolkit.Customer;

/**
 * An issuer that the service accepts for one kind of token. All defaults are applied.
 *
 * @param setting the configuration key that sets the keys or the address
 * @param signingKeys the service's own keys, of which the first signs; empty for an external issuer
 * @param address address of the key set, or the issuer URI if {@code discovered}; {@code null} with {@code signingKeys}
 * @param discovered whether the service gets the address of the key set from the issuer's metadata
 * @param grace how long the service accepts a token after its expiry
 */
record TrustedIssuer(String setting, String name, List<SigningKey> signingKeys, URI address, boolean discovered,
        String audience, Claims claims, Duration grace) {

    /** Value of {@code claims.tenant-id} that selects the tenant in the settings of the app. */
    private static final String OF_APP = "app";

    /** Claims with a fixed meaning. In tokens of the service, these claims cannot hold app, tenant, channel or user. */
    private static final List<String> OF_TOKEN = List.of("aud", "exp", "iat", "iss", "nbf");

    static final Claims OF_ACCESS_TOKEN = new Claims("sub", null, null, null);
    static final Claims OF_SESSION_TOKEN = new Claims("azp", "tenantId", "channelId", "userId");

    /** Minimum length of an HS256 key (RFC 7518 section 3.2). */
    private static final int SHORTEST_KEY_BYTES = 32;

    static Optional<TrustedIssuer> signing(List<TrustedIssuer> issuers) {
        return issuers.stream().filter(issuer -> !issuer.signingKeys.isEmpty()).findFirst();
    }

    /** @param shared the settings for both kinds of token */
    static List<TrustedIssuer> of(String kind, TokenSettings first, TokenSettings shared, String audience,
            Claims claims, Duration grace) {
        String prefix = AuthSettings.PREFIX + kind + ".";
        List<TrustedIssuer> all = new ArrayList<>();
        all.add(of(prefix, first.ways() > 0 ? first : shared, first, shared, audience, claims, grace));
        first.issuers().forEach((name, other) -> all.add(
                of(prefix + "issuers." + name + ".", other, other, shared, audience, claims, grace)));
        first.issuers().forEach((name, other) -> SettingChecks.refuseIf(!other.issuers().isEmpty(),
                prefix + "issuers." + name + ".issuers", "(set)", "all issuers directly below " + prefix + "issuers"));
        Set<String> names = new HashSet<>();
        all.forEach(issuer -> SettingChecks.refuseIf(!names.add(issuer.name), prefix + "issuers", issuer.name,
                "each issuer once, since the iss of a token selects it"));
        return all;
    }

    /** Takes keys or address from {@code keys}, and issuer, audience and claim names from {@code named}. */
    private static TrustedIssuer of(String prefix, TokenSettings keys, TokenSettings named, TokenSettings shared,
            String audience, Claims claims, Duration grace) {
        String place = keys == shared ? AuthSettings.PREFIX : prefix;
        String setting = place + (keys == shared ? "signing-key" : "signing-keys");
        boolean own = !keys.signingKeys().isEmpty();
        boolean discovered = keys.issuerUri() != null;
        SettingChecks.refuseIf(keys.ways() == 0, setting, null,
                "a secret of at least 32 bytes that tokens are signed with (there is no default), or " + place
                        + "jwk-set-uri for tokens of an external issuer");
        SettingChecks.refuseIf(keys.ways() > 1, setting, own ? "(set)" : null,
                "only one of " + setting + ", issuer-uri and jwk-set-uri");
        for (int i = 0; i < keys.signingKeys().size(); i++) {
            SigningKey key = keys.signingKeys().get(i);
            SettingChecks.refuseIf(key.kid() == null && keys.signingKeys().size() > 1, setting, "(set)",
                    "a kid for each of several keys");
            requireLong(keys == shared ? setting : setting + "[" + i + "].secret", key.secret());
        }
        URI address = discovered ? keys.issuerUri() : keys.jwkSetUri();
        if (!own) {
            setting = place + (discovered ? "issuer-uri" : "jwk-set-uri");
            SettingChecks.requireHttp(setting, address);
        }
        Claims mapped = new Claims(or(named.claims().appKey(), claims.appKey()),
                or(named.claims().tenantId(), claims.tenantId()), or(named.claims().channelId(), claims.channelId()),
                or(named.claims().userId(), claims.userId()));
        Set<String> written = new HashSet<>(OF_TOKEN);
        SettingChecks.refuseIf(own && !Stream.of(mapped.appKey(), mapped.tenantId(), mapped.channelId(),
                mapped.userId()).filter(Objects::nonNull).allMatch(written::add), prefix + "claims", mapped,
                "different claims, none of which is one of " + OF_TOKEN + ", since the service writes them");
        return new TrustedIssuer(setting, or(named.issuer(), discovered ? address.toString() : shared.issuer()),
                keys.signingKeys(), address, discovered, or(named.audience(), audience), mapped,
                own ? grace : Duration.ZERO);
    }

    private static String or(String configured, String other) {
        return SettingChecks.blankToNull(configured) == null ? other : configured;
    }

    private static void requireLong(String setting, Secret secret) {
        int bytes = secret == null ? 0 : secret.reveal().getBytes(StandardCharsets.UTF_8).length;
        SettingChecks.refuseIf(bytes < SHORTEST_KEY_BYTES, setting, secret,
                "at least 32 bytes, but it has " + bytes + "; `openssl rand -base64 48` makes a good one");
    }

    /** Refuses issuers whose AccessTokens could not be distinguished from session tokens. */
    static void requireDistinct(List<TrustedIssuer> accessTokens, List<TrustedIssuer> sessionTokens) {
        accessTokens.forEach(access -> sessionTokens.forEach(session -> SettingChecks.refuseIf(
                access.name.equals(session.name) && access.audience.equals(session.audience),
                AuthSettings.PREFIX + "session-token.audience", session.audience,
                "another audience than that of the AccessTokens of the same issuer")));
    }

    String appKey(JWTClaimsSet token) {
        return claim(token, claims.appKey());
    }

    Customer customer(JWTClaimsSet token, AuthSettings settings) {
        String tenantId = claim(token, claims.tenantId());
        if (claims.tenantId().equals(OF_APP)) {
            AuthSettings.App app = settings.apps().get(appKey(token));
            tenantId = app == null ? null : app.tenantId();
        }
        return new Customer(tenantId, claim(token, claims.channelId()), claim(token, claims.userId()));
    }

    private static String claim(JWTClaimsSet token, String name) {
        Object value = claim(token.getClaims(), name);
        return value instanceof String || value instanceof Number ? value.toString() : null;
    }

    /** Finds {@code a.b} as a claim, or as member {@code b} of the claim {@code a}. */
    private static Object claim(Map<?, ?> claims, String name) {
        Object value = claims.get(name);
        String[] path = name.split("\\.", 2);
        return value == null && claims.get(path[0]) instanceof Map<?, ?> object ? claim(object, path[1]) : value;
    }
}
