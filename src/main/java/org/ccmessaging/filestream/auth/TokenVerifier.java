package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ccmessaging.filestream.failure.AccessTokenExpiredException;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;

/** Verifies the two kinds of token of contract section 6. It never accepts one kind as the other. */
@Component
public class TokenVerifier {

    /** Largest difference between the clocks of issuer and service (contract section 6). */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** How the description of Spring's {@link JwtTimestampValidator} starts. */
    private static final String EXPIRED = "Jwt expired at";

    private final JwtDecoder accessDecoder;
    private final JwtDecoder sessionDecoder;
    private final VerifiedTokens<Token.Access> accessTokens;
    private final VerifiedTokens<Token.Session> sessionTokens;

    TokenVerifier(AuthSettings settings, TokenKeys keys, Clock clock, MeterRegistry meters) {
        this.accessDecoder = decoder(keys, settings.issuer(), clock, Token.ACCESS_AUDIENCE,
                Token.SESSION_AUDIENCE);
        this.sessionDecoder = decoder(keys, settings.issuer(), clock, Token.SESSION_AUDIENCE,
                Token.ACCESS_AUDIENCE);
        this.accessTokens = new VerifiedTokens<>("access-tokens", clock, CLOCK_SKEW, meters);
        this.sessionTokens = new VerifiedTokens<>("session-tokens", clock, CLOCK_SKEW, meters);
    }

    private static JwtDecoder decoder(
            TokenKeys keys, String issuer, Clock clock, String audience, String otherAudience) {
        JwtTimestampValidator timestamps = new JwtTimestampValidator(CLOCK_SKEW);
        timestamps.setClock(clock);
        OAuth2TokenValidator<Jwt> validator = new DelegatingOAuth2TokenValidator<>(
                timestamps,
                // The timestamp validator accepts a token that never expires.
                new JwtClaimValidator<Instant>(JwtClaimNames.EXP, expiry -> expiry != null),
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<List<String>>(JwtClaimNames.AUD, intended -> intended != null
                        && intended.contains(audience) && !intended.contains(otherAudience)));
        NimbusJwtDecoder decoder = keys.decoder();
        decoder.setJwtValidator(validator);
        return decoder;
    }

    /**
     * Verifies an AccessToken.
     *
     * @param text the token as the client sent it
     * @throws AccessTokenExpiredException if nothing is wrong with the token but its time
     * @throws UnauthorizedException if the token is not valid
     * @throws TokenKeysUnavailableException if the service cannot fetch the issuer's keys
     */
    public Token.Access verifyAccessToken(String text) {
        return accessTokens.get(text, token -> {
            try {
                return Token.Access.of(decode(accessDecoder, token, "AccessToken"));
            } catch (UnauthorizedException refused) {
                // Not caused by it: Camel takes the clause of the innermost cause that has one.
                throw isExpired(refused) ? new AccessTokenExpiredException(refused.getMessage(), refused.getCause())
                        : refused;
            }
        });
    }

    /** Whether a token is genuine in everything but its time. */
    private static boolean isExpired(UnauthorizedException refused) {
        return refused.getCause() instanceof JwtValidationException invalid
                && invalid.getErrors().stream().allMatch(error -> error.getDescription().startsWith(EXPIRED));
    }

    /**
     * Verifies a session token.
     *
     * @param text the token as the client sent it
     * @throws UnauthorizedException if the token is not valid
     * @throws TokenKeysUnavailableException if the service cannot fetch the issuer's keys
     */
    public Token.Session verifySessionToken(String text) {
        return sessionTokens.get(text,
                token -> Token.Session.of(decode(sessionDecoder, token, "session token")));
    }

    private static Jwt decode(JwtDecoder decoder, String token, String kind) {
        try {
            Jwt genuine = decoder.decode(token);
            TokenForm.oddity(token).ifPresent(odd -> {
                throw new UnauthorizedException(kind + ": " + odd);
            });
            return genuine;
        } catch (BadJwtException bad) {
            throw new UnauthorizedException(kind + ": " + bad.getMessage(), bad);
        } catch (JwtException undecided) {
            // The key is not in the set, and Nimbus refuses to fetch the set again so soon. The client caused that, and
            // not the issuer.
            if (undecided.getCause() instanceof RateLimitReachedException) {
                throw new UnauthorizedException(kind + ": signed with a key that is not in the set", undecided);
            }
            // Each request has this failure while the issuer is down, and the trace through the libraries adds nothing
            // to the message. So the log gets a line.
            throw new TokenKeysUnavailableException(
                    kind + " not verified, the key set cannot be fetched: " + undecided.getMessage(),
                    undecided.getCause() instanceof KeySourceException ? null : undecided);
        }
    }
}
