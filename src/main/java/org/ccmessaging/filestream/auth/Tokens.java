package org.ccmessaging.filestream.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/** Verifies and issues the two kinds of token of contract section 6: AccessToken and session token. */
@Component
class Tokens {

    /** How long a session token lives (contract section 5: one hour). */
    static final Duration SESSION_LIFETIME = Duration.ofHours(1);

    /** With less than this left, a session in use is handed a fresh token: a quarter of its life. */
    static final Duration SESSION_RENEWAL = Duration.ofMinutes(15);

    /** Allowed difference between the clocks of issuer and service (contract section 6). */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /**
     * How many verified tokens are remembered: for a replica's customers of an hour or so, at about a kilobyte each.
     */
    private static final int REMEMBERED_TOKENS = 10_000;

    /** For how long: a key that its issuer withdraws stops counting after this at the latest. */
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(5);

    private static final String ACCESS_AUDIENCE = "apiaccess";
    private static final String SESSION_AUDIENCE = "ccmessaging";

    private final String issuer;
    private final Clock clock;
    private final NimbusJwtEncoder encoder;
    private final NimbusJwtDecoder accessDecoder;
    private final NimbusJwtDecoder sessionDecoder;
    private final Cache<String, Jwt> verifiedAccess;
    private final Cache<String, Jwt> verifiedSessions;

    Tokens(AuthSettings settings, Clock clock, MeterRegistry meters) {
        this.issuer = settings.issuer();
        this.clock = clock;
        if (settings.signingKey() != null) {
            byte[] secret = settings.signingKey().reveal().getBytes(StandardCharsets.UTF_8);
            SecretKey key = new SecretKeySpec(secret, "HmacSHA256");
            this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(key));
            this.accessDecoder = hs256Decoder(key);
            this.sessionDecoder = hs256Decoder(key);
        } else {
            this.encoder = null;
            this.accessDecoder = keySetDecoder(settings.jwkSetUri(), meters);
            this.sessionDecoder = keySetDecoder(settings.jwkSetUri(), meters);
        }
        this.verifiedAccess = verifiedTokens("access-tokens", meters);
        this.verifiedSessions = verifiedTokens("session-tokens", meters);
        accessDecoder.setJwtValidator(validator(ACCESS_AUDIENCE, SESSION_AUDIENCE));
        sessionDecoder.setJwtValidator(validator(SESSION_AUDIENCE, ACCESS_AUDIENCE));
    }

    /**
     * @param token an AccessToken as sent
     * @throws UnauthorizedException where it is not one of ours, or no longer
     * @throws TokenKeysUnavailableException where that cannot be known
     */
    Jwt verifyAccessToken(String token) {
        return verify(accessDecoder, verifiedAccess, token, "AccessToken");
    }

    /**
     * @param token a session token as sent
     * @throws UnauthorizedException where it is not one of ours, or no longer
     * @throws TokenKeysUnavailableException where that cannot be known
     */
    Jwt verifySessionToken(String token) {
        return verify(sessionDecoder, verifiedSessions, token, "session token");
    }

    /** An AccessToken for the app, signed, valid from now for the given time. */
    Jwt issueAccessToken(String appKey, Duration lifetime) {
        return issue(ACCESS_AUDIENCE, appKey, lifetime, Map.of());
    }

    /** A session token for a user of the app, signed, valid for {@link #SESSION_LIFETIME}. */
    Jwt issueSessionToken(String appKey, Customer customer) {
        return issue(SESSION_AUDIENCE, customer.userId(), SESSION_LIFETIME, Map.of("tenantId", customer.tenantId(),
                "channelId", customer.channelId(), "userId", customer.userId(), "azp", appKey));
    }

    /**
     * A fresh token for a session whose own nears its end; {@code null} where there is time, or no key to sign with.
     */
    Jwt renew(Jwt session) {
        if (encoder == null || session.getExpiresAt().isAfter(clock.instant().plus(SESSION_RENEWAL))) {
            return null;
        }
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder().claims(all -> all.putAll(session.getClaims()));
        return sign(claims, SESSION_LIFETIME);
    }

    private Jwt issue(String audience, String subject, Duration lifetime, Map<String, Object> extra) {
        return sign(JwtClaimsSet.builder().issuer(issuer).audience(List.of(audience)).subject(subject)
                .claims(all -> all.putAll(extra)), lifetime);
    }

    private Jwt sign(JwtClaimsSet.Builder claims, Duration lifetime) {
        Instant now = clock.instant();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();
        return encoder.encode(JwtEncoderParameters.from(header,
                claims.issuedAt(now).expiresAt(now.plus(lifetime)).build()));
    }

    /**
     * A client sends the same two tokens with every request, and verifying one costs from 10 µs (HS256) to a
     * millisecond (ES256); a token that was verified is looked up by its digest, and never outlives its {@code exp}.
     */
    private Jwt verify(JwtDecoder decoder, Cache<String, Jwt> verified, String token, String kind) {
        String digest = digest(token);
        Jwt known = verified.getIfPresent(digest);
        if (known != null && clock.instant().minus(CLOCK_SKEW).isBefore(known.getExpiresAt())) {
            return known;
        }
        Jwt jwt = decode(decoder, token, kind);
        verified.put(digest, jwt);
        return jwt;
    }

    private static Cache<String, Jwt> verifiedTokens(String name, MeterRegistry meters) {
        return CaffeineCacheMetrics.monitor(meters, Caffeine.newBuilder().maximumSize(REMEMBERED_TOKENS)
                .expireAfterWrite(REMEMBERED_FOR).recordStats().build(), name);
    }

    /** In place of the token itself, which should not lie about in memory for longer than its request. */
    private static String digest(String token) {
        byte[] sha256 = Sha256.of(token);
        return new String(sha256, StandardCharsets.ISO_8859_1);
    }

    private static Jwt decode(JwtDecoder decoder, String token, String kind) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException bad) {
            throw new UnauthorizedException(kind + ": " + bad.getMessage(), bad);
        } catch (JwtException undecided) {
            // A key that is not in the set, asked for again too soon, is the caller's failure and not the issuer's.
            if (undecided.getCause() instanceof RateLimitReachedException) {
                throw new UnauthorizedException(kind + ": signed with a key that is not in the set", undecided);
            }
            throw new TokenKeysUnavailableException(
                    kind + " not verified, the key set cannot be fetched: " + undecided.getMessage(), undecided);
        }
    }

    private static NimbusJwtDecoder hs256Decoder(SecretKey key) {
        return NimbusJwtDecoder.withSecretKey(key).macAlgorithm(MacAlgorithm.HS256).build();
    }

    /**
     * Built on Nimbus's own key source and not on Spring's {@code withJwkSetUri}, because that one fetches the set
     * again for every token with an unknown key ID; this one caches it for five minutes and fetches at most twice in
     * thirty seconds.
     */
    private static NimbusJwtDecoder keySetDecoder(URI jwkSetUri, MeterRegistry meters) {
        try {
            DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                    Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256),
                    JWKSourceBuilder.create(new CountedKeySet(jwkSetUri.toURL(), meters)).build()));
            // The claims are checked by the validator, once.
            processor.setJWTClaimsSetVerifier((claims, context) -> { });
            return new NimbusJwtDecoder(processor);
        } catch (MalformedURLException | IllegalArgumentException malformed) {
            throw new InvalidSettingException("filestream.auth.jwk-set-uri", jwkSetUri, "an http or https address");
        }
    }

    private OAuth2TokenValidator<Jwt> validator(String audience, String otherAudience) {
        JwtTimestampValidator timestamps = new JwtTimestampValidator(CLOCK_SKEW);
        timestamps.setClock(clock);
        return new DelegatingOAuth2TokenValidator<>(
                timestamps,
                // The timestamp validator lets a token pass that never expires.
                new JwtClaimValidator<Instant>(JwtClaimNames.EXP, expiry -> expiry != null),
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<List<String>>(JwtClaimNames.AUD, intended -> intended != null
                        && intended.contains(audience) && !intended.contains(otherAudience)));
    }
}
