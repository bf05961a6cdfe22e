package org.ccmessaging.filestream.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JOSEProcessor;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.failure.AccessTokenExpiredException;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Verifies and caches AccessTokens and session tokens (contract section 6, decision 0003). Never accepts a token of one
 * kind as the other kind.
 */
@Component
public class TokenVerifier {

    /** Largest accepted difference between the clocks of issuer and service (contract section 6). */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** The cache for one kind of token has at most 1/64 of the heap. */
    private static final int SHARE_OF_HEAP = 64;

    /** Approximate size of a cache entry without the app key and customer of the token. */
    private static final int BYTES_OF_AN_ENTRY = 600;

    /** Maximum time in the cache. A cached token stays valid for at most this time after its key leaves the key set. */
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(5);

    /** Three Base64url texts, separated by dots (RFC 7515 section 7.1). */
    private static final Pattern SIGNED = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    private final AuthSettings settings;
    private final TokenKeys keys;
    private final Clock clock;
    private final KindOfToken accessTokens;
    private final KindOfToken sessionTokens;

    @Autowired
    TokenVerifier(AuthSettings settings, TokenKeys keys, Clock clock, MeterRegistry meters) {
        this(settings, keys, clock, meters, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** @param mostBytes maximum size of the cache for one kind of token */
    TokenVerifier(AuthSettings settings, TokenKeys keys, Clock clock, MeterRegistry meters, long mostBytes) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
        this.accessTokens = new KindOfToken("AccessToken", settings.accessTokens(), settings.sessionTokens(),
                CaffeineCacheMetrics.monitor(meters, remembered(mostBytes), "access-tokens"));
        this.sessionTokens = new KindOfToken("session token", settings.sessionTokens(), settings.accessTokens(),
                CaffeineCacheMetrics.monitor(meters, remembered(mostBytes), "session-tokens"));
    }

    private static Cache<String, Token> remembered(long mostBytes) {
        return Caffeine.newBuilder().maximumWeight(mostBytes).weigher((String digest, Token token) -> bytes(token))
                .expireAfterWrite(REMEMBERED_FOR).recordStats().build();
    }

    private static int bytes(Token token) {
        Customer of = token.customer() == null ? new Customer(null, null, null) : token.customer();
        return BYTES_OF_AN_ENTRY + 2 * Stream.of(token.appKey(), of.tenantId(), of.channelId(), of.userId())
                .filter(Objects::nonNull).mapToInt(String::length).sum();
    }

    /** @throws AccessTokenExpiredException if the token has expired, but its signature and other claims are valid */
    Token verifyAccessToken(String text) {
        Token token = accessTokens.verify(text);
        if (settings.onlyListedApps() && !settings.apps().containsKey(token.appKey())) {
            throw new UnauthorizedException("AccessToken: the app is not listed");
        }
        return token;
    }

    Token verifySessionToken(String text) {
        return sessionTokens.verify(text);
    }

    private final class KindOfToken {

        private final String name;
        private final List<TrustedIssuer> otherKind;
        private final Map<String, TrustedIssuer> issuers = new HashMap<>();
        private final Map<String, JOSEProcessor<SecurityContext>> signatures = new HashMap<>();
        private final Cache<String, Token> verified;

        KindOfToken(String name, List<TrustedIssuer> issuers, List<TrustedIssuer> otherKind,
                Cache<String, Token> verified) {
            this.name = name;
            this.otherKind = otherKind;
            this.verified = verified;
            for (TrustedIssuer issuer : issuers) {
                this.issuers.put(issuer.name(), issuer);
                this.signatures.put(issuer.name(), keys.signatures(issuer));
            }
        }

        Token verify(String text) {
            // The cache key is a digest, because a digest is useless as a credential.
            String digest = new String(DigestUtils.sha256(text), StandardCharsets.ISO_8859_1);
            Token known = verified.getIfPresent(digest);
            if (known != null && !isExpired(known)) {
                return known;
            }
            Token token = verifyAnew(text);
            verified.put(digest, token);
            return token;
        }

        private Token verifyAnew(String text) {
            JWSObject signed;
            JWTClaimsSet claims;
            try {
                if (!SIGNED.matcher(text).matches()) {
                    // Nimbus ignores characters outside Base64url, and would accept many texts as the same token.
                    throw new ParseException("not three texts in Base64url", 0);
                }
                signed = JWSObject.parse(text);
                claims = Token.parseClaims(signed);
            } catch (ParseException | RuntimeException malformed) {
                throw new UnauthorizedException(name + ": " + malformed.getMessage(), malformed);
            }
            // The token is not verified yet: its iss only selects the keys.
            TrustedIssuer issuer = issuers.get(claims.getIssuer());
            if (issuer == null) {
                throw new UnauthorizedException(name + ": unknown issuer");
            }
            try {
                signatures.get(issuer.name()).process(signed, null);
            } catch (BadJOSEException bad) {
                throw new UnauthorizedException(name + ": " + bad.getMessage(), bad);
            } catch (JOSEException undecided) {
                // The stack trace of a KeySourceException would fill the log while the issuer is down.
                throw new TokenKeysUnavailableException(
                        name + " not verified, the key set cannot be fetched: " + undecided.getMessage(),
                        undecided instanceof KeySourceException ? null : undecided);
            }
            check(issuer, claims);
            Token token = new Token(issuer.appKey(claims), this == accessTokens ? null
                    : issuer.customer(claims, settings), claims.getExpirationTime().toInstant(), issuer);
            if (isExpired(token)) {
                String expired = name + ": expired at " + token.expiresAt();
                throw this == accessTokens ? new AccessTokenExpiredException(expired)
                        : new UnauthorizedException(expired);
            }
            return token;
        }

        /** Checks the claims. The caller then checks whether the token has expired. */
        private void check(TrustedIssuer issuer, JWTClaimsSet claims) {
            List<String> intended = claims.getAudience();
            Date ends = claims.getExpirationTime();
            String wrong = !intended.contains(issuer.audience()) ? "another aud"
                    : otherKind.stream().anyMatch(other -> issuer.name().equals(other.name())
                            && intended.contains(other.audience())) ? "the aud of the other kind of token"
                    : ends == null ? "no exp"
                    : claims.getIssueTime() != null && !claims.getIssueTime().before(ends) ? "exp is not after iat"
                    : claims.getNotBeforeTime() != null && claims.getNotBeforeTime().getTime()
                            > clock.millis() + CLOCK_SKEW.toMillis() ? "not valid before " + claims.getNotBeforeTime()
                    : null;
            if (wrong != null) {
                throw new UnauthorizedException(name + ": " + wrong);
            }
        }

        private boolean isExpired(Token token) {
            return clock.instant().minus(CLOCK_SKEW).minus(token.issuer().grace()).isAfter(token.expiresAt());
        }
    }
}
