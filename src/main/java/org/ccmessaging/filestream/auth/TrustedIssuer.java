package org.ccmessaging.filestream.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
 * An issuer whose tokens of one kind the service accepts, with all defaults applied.
 *
 * @param setting the configuration key of its keys or its address
 * @param signingKeys own keys, the first of which signs; empty if {@code address} has the keys
 * @param address address of its key set or introspection endpoint, or the issuer URI if {@code discovered};
 *     {@code null} with own keys
 * @param discovered whether the metadata of the issuer names the key set
 * @param client the login at {@code address} if that is an introspection endpoint; {@code null} for signed tokens
 * @param audience an {@code aud} that its tokens must carry; {@code null} for none
 * @param grace how long after their expiry its tokens are accepted
 */
record TrustedIssuer(String setting, String name, List<SigningKey> signingKeys, URI address, boolean discovered,
        Client client, String audience, Claims claims, Duration grace) {

    /** The name of a claim that takes the tenant from the configuration of the app. */
    private static final String OF_APP = "app";

    /** The claims that each token has. */
    private static final List<String> OF_TOKEN = List.of("aud", "exp", "iat", "iss", "nbf");

    static final Claims OF_ACCESS_TOKEN = new Claims("sub", null, null, null);
    static final Claims OF_SESSION_TOKEN = new Claims("azp", "tenantId", "channelId", "userId");

    /** By RFC 7518 section 3.2, at least as long as the hash. */
    private static final int SHORTEST_KEY_BYTES = 32;

    /** Longest time in the cache. A key that its issuer withdraws stays valid for this time after the last fetch. */
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(5);

    /** The service as a client of an introspection endpoint. */
    record Client(String id, Secret secret, Duration cache) {
    }

    static Optional<TrustedIssuer> signing(List<TrustedIssuer> issuers) {
        return issuers.stream().filter(issuer -> !issuer.signingKeys.isEmpty()).findFirst();
    }

    /**
     * Returns the issuers of a kind of token.
     *
     * @param shared the settings for both kinds of token
     */
    static List<TrustedIssuer> of(String kind, TokenSettings first, TokenSettings shared, String audience,
            Claims claims, Duration grace) {
        String prefix = AuthSettings.PREFIX + kind + ".";
        List<TrustedIssuer> all = new ArrayList<>();
        all.add(of(prefix, first.ways() > 0 ? first : shared, first, shared, audience, claims, grace));
        first.issuers().forEach((name, other) -> all.add(
                of(prefix + "issuers." + name + ".", other, other, shared, audience, claims, grace)));
        Set<String> names = new HashSet<>();
        all.forEach(issuer -> SettingChecks.refuseIf(!names.add(issuer.name), prefix + "issuers", issuer.name,
                "each issuer once, since the iss of a token selects it"));
        SettingChecks.refuseIf(all.stream().filter(issuer -> issuer.client != null).count() > 1, prefix + "issuers",
                "(several with introspection-uri)", "only one, since an opaque token does not name its issuer");
        return all;
    }

    /**
     * @param keys the settings with the keys or the address
     * @param named the settings with the names
     */
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
                "only one of " + setting + ", issuer-uri, jwk-set-uri and introspection-uri");
        List<SigningKey> signingKeys = new ArrayList<>();
        for (SigningKey key : keys.signingKeys()) {
            SettingChecks.refuseIf(key.kid() == null && key.secretFile() == null && keys.signingKeys().size() > 1,
                    setting, "(set)", "a kid for each of several keys");
            signingKeys.add(new SigningKey(key.kid(), FileSecret.of(keys == shared ? setting
                    : setting + "[" + signingKeys.size() + "].secret", key.secret(), key.secretFile(),
                    TrustedIssuer::requireLong), null));
        }
        boolean opaque = keys.introspectionUri() != null;
        URI address = discovered ? keys.issuerUri() : opaque ? keys.introspectionUri() : keys.jwkSetUri();
        SettingChecks.refuseIf(!opaque && SettingChecks.blankToNull(named.clientId()) != null,
                prefix + "introspection-uri", null, "the address that client-id is for");
        if (!own) {
            setting = place + (discovered ? "issuer-uri" : opaque ? "introspection-uri" : "jwk-set-uri");
            SettingChecks.requireHttp(setting, address);
        }
        String intended = or(named.audience(), audience);
        boolean none = intended.equals("none");
        SettingChecks.refuseIf(none && !opaque, prefix + "audience", intended,
                "the aud of the tokens; only the tokens of an introspection-uri may have none");
        Claims mapped = new Claims(or(named.claims().appKey(), claims.appKey()),
                or(named.claims().tenantId(), claims.tenantId()), or(named.claims().channelId(), claims.channelId()),
                or(named.claims().userId(), claims.userId()));
        Set<String> written = new HashSet<>(OF_TOKEN);
        SettingChecks.refuseIf(own && !Stream.of(mapped.appKey(), mapped.tenantId(), mapped.channelId(),
                mapped.userId()).filter(Objects::nonNull).allMatch(written::add), prefix + "claims", mapped,
                "different claims, none of which is one of " + OF_TOKEN + ", since the service writes them");
        return new TrustedIssuer(setting,
                or(named.issuer(), discovered || opaque ? address.toString() : shared.issuer()), signingKeys, address,
                discovered, opaque ? client(prefix, keys) : null, none ? null : intended, mapped,
                own ? grace : Duration.ZERO);
    }

    private static Client client(String prefix, TokenSettings settings) {
        SettingChecks.requireText(prefix + "client-id", settings.clientId());
        SettingChecks.requireDuration(prefix + "introspection-cache", settings.introspectionCache(), "0s", "5m");
        return new Client(settings.clientId(), FileSecret.of(prefix + "client-secret", settings.clientSecret(),
                settings.clientSecretFile(), (key, secret) -> { }), settings.introspectionCache());
    }

    private static String or(String configured, String other) {
        return SettingChecks.blankToNull(configured) == null ? other : configured;
    }

    static void requireLong(String setting, Secret secret) {
        int bytes = secret.reveal().getBytes(StandardCharsets.UTF_8).length;
        SettingChecks.refuseIf(bytes < SHORTEST_KEY_BYTES, setting, secret,
                "at least 32 bytes, but it has " + bytes + "; `openssl rand -base64 48` makes a good one");
    }

    /** Refuses two kinds of token of which one would be accepted as the other. */
    static void requireDistinct(List<TrustedIssuer> accessTokens, List<TrustedIssuer> sessionTokens) {
        accessTokens.forEach(access -> sessionTokens.forEach(session -> {
            SettingChecks.refuseIf(access.audience == null && session.signingKeys.isEmpty()
                            || session.audience == null && access.signingKeys.isEmpty(),
                    AuthSettings.PREFIX + (access.audience == null ? "access" : "session") + "-token.audience", "none",
                    "an audience, unless signing-keys verify the other kind of token");
            SettingChecks.refuseIf(access.mayIssueLike(session) && Objects.equals(access.audience, session.audience),
                    AuthSettings.PREFIX + "session-token.audience", session.audience,
                    "another audience than that of the AccessTokens of the same issuer");
        }));
    }

    /**
     * Returns whether both may have issued the same token. An issuer with an introspection endpoint may have issued
     * any, because its response does not name the issuer.
     */
    boolean mayIssueLike(TrustedIssuer other) {
        return name.equals(other.name) || client != null || other.client != null;
    }

    /** Returns whether the settings of an introspection endpoint give the {@code iss} of its tokens. */
    boolean isNamed() {
        return !name.equals(address.toString());
    }

    Duration rememberedFor() {
        return client == null ? REMEMBERED_FOR : client.cache;
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

    /** Returns the text of a claim; {@code null} without it, and for an object, which may be deep. */
    private static String claim(JWTClaimsSet token, String name) {
        Object value = Claims.value(token.getClaims(), name);
        return value instanceof String || value instanceof Number ? value.toString() : null;
    }
}
