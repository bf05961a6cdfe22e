package org.ccmessaging.filestream.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jwt.SignedJWT;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.failure.AccessTokenExpiredException;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;

/**
 * Verifies the two kinds of token of contract section 6, and never accepts one kind as the other. It remembers verified
 * tokens, because a client sends the same two with every request (decision 0004).
 */
@Component
class TokenVerifier {

    /** Largest difference between the clocks of issuer and service (contract section 6). */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** Maximum number of remembered tokens of a kind, about a kilobyte each: the customers of an hour on a replica. */
    private static final int MOST_REMEMBERED = 10_000;

    private final AuthSettings settings;
    private final TokenKeys keys;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Kind accessTokens;
    private final Kind sessionTokens;

    TokenVerifier(AuthSettings settings, TokenKeys keys, Clock clock, MeterRegistry meters) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
        this.meters = meters;
        this.accessTokens = new Kind("AccessToken", "access-tokens", settings.accessTokens(), settings.sessionTokens());
        this.sessionTokens = new Kind("session token", "session-tokens", settings.sessionTokens(),
                settings.accessTokens());
    }

    /** @throws AccessTokenExpiredException if the token is valid but for its expiry */
    Token verifyAccessToken(String text) {
        Token token = accessTokens.verify(text);
        if (settings.onlyListedApps() && !settings.apps().containsKey(token.appKey())) {
            throw new UnauthorizedException("AccessToken: the app is not listed");
        }
        return token;
    }

    /** After {@code filestream.auth.session-grace}, an expired token fails like any other that is not valid. */
    Token verifySessionToken(String text) {
        return sessionTokens.verify(text);
    }

    private final class Kind {

        private final String name;
        private final List<TrustedIssuer> otherKind;
        private final Map<String, TrustedIssuer> issuers = new HashMap<>();
        private final Map<String, JwtDecoder> decoders = new HashMap<>();
        private final Cache<String, Token> verified;
        private final TrustedIssuer opaque;

        /** @param otherKind the issuers of the other kind of token, which this one must not be accepted as */
        Kind(String name, String cache, List<TrustedIssuer> issuers, List<TrustedIssuer> otherKind) {
            this.name = name;
            this.otherKind = otherKind;
            this.verified = CaffeineCacheMetrics.monitor(meters, Caffeine.newBuilder().maximumSize(MOST_REMEMBERED)
                    .expireAfter(Expiry.<String, Token>writing((digest, token) -> token.issuer().rememberedFor()))
                    .recordStats().build(), cache);
            this.opaque = issuers.stream().filter(issuer -> issuer.client() != null).findFirst().orElse(null);
            for (TrustedIssuer issuer : issuers) {
                this.issuers.put(issuer.name(), issuer);
                this.decoders.put(issuer.name(), issuer.client() == null ? keys.decoder(issuer)
                        : new Introspection(issuer, clock, meters));
            }
        }

        /** A remembered token is valid for the same time as any other. */
        Token verify(String text) {
            // A digest identifies the token, and is not a credential that a thief could use.
            String digest = new String(DigestUtils.sha256(text), StandardCharsets.ISO_8859_1);
            Token known = verified.getIfPresent(digest);
            if (known != null && clock.instant().minus(CLOCK_SKEW).minus(known.issuer().grace())
                    .isBefore(known.jwt().getExpiresAt())) {
                return known;
            }
            TrustedIssuer issuer = issuerOf(text);
            Jwt genuine = decode(issuer, text);
            check(issuer, genuine);
            Token token = new Token(genuine, issuer, this == accessTokens ? null : issuer.customer(genuine, settings));
            verified.put(digest, token);
            return token;
        }

        /** The issuer that the token names, which is not verified yet, or the one of opaque tokens. */
        private TrustedIssuer issuerOf(String text) {
            String named = null;
            try {
                named = SignedJWT.parse(text).getJWTClaimsSet().getIssuer();
            } catch (ParseException | RuntimeException malformed) {
                if (opaque == null) {
                    throw new UnauthorizedException(name + ": " + malformed.getMessage(), malformed);
                }
            }
            return Optional.ofNullable(issuers.getOrDefault(named, opaque))
                    .orElseThrow(() -> new UnauthorizedException(name + ": unknown issuer"));
        }

        private Jwt decode(TrustedIssuer issuer, String text) {
            try {
                return decoders.get(issuer.name()).decode(text);
            } catch (BadJwtException bad) {
                throw new UnauthorizedException(name + ": " + bad.getMessage(), bad);
            } catch (JwtException undecided) {
                // Without the cause, whose stack trace would fill the log: each request fails while the issuer is down.
                throw new TokenKeysUnavailableException(
                        name + " not verified, the key set cannot be fetched: " + undecided.getMessage(),
                        undecided.getCause() instanceof KeySourceException ? null : undecided);
            }
        }

        /** Checks the form and the claims. The expiry is last, because it alone has its own failure. */
        private void check(TrustedIssuer issuer, Jwt token) {
            Optional<String> odd = issuer.client() == null ? TokenForm.oddity(token.getTokenValue()) : Optional.empty();
            List<String> intended = Objects.requireNonNullElse(token.getAudience(), List.of());
            Instant now = clock.instant();
            String wrong = odd.isPresent() ? odd.get()
                    : !issuer.name().equals(token.getClaimAsString(JwtClaimNames.ISS)) ? "another iss"
                    : issuer.audience() != null && !intended.contains(issuer.audience()) ? "another aud"
                    : otherKind.stream().anyMatch(other -> other.audience() != null && issuer.mayIssueLike(other)
                            && intended.contains(other.audience())) ? "the aud of the other kind of token"
                    : token.getExpiresAt() == null ? "no exp"
                    : token.getNotBefore() != null && token.getNotBefore().isAfter(now.plus(CLOCK_SKEW))
                            ? "not valid before " + token.getNotBefore() : null;
            if (wrong != null) {
                throw new UnauthorizedException(name + ": " + wrong);
            }
            if (now.minus(CLOCK_SKEW).minus(issuer.grace()).isAfter(token.getExpiresAt())) {
                String expired = name + ": expired at " + token.getExpiresAt();
                throw this == accessTokens ? new AccessTokenExpiredException(expired, null)
                        : new UnauthorizedException(expired);
            }
        }
    }
}
