package org.ccmessaging.filestream.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.stereotype.Component;

/**
 * Issues the two kinds of token of contract section 6, signed with the service's own keys.
 */
@Component
class TokenIssuer {

    /** Lifetime of a session token (contract section 5: one hour). */
    private static final Duration SESSION_LIFETIME = Duration.ofHours(1);

    /** A session token is renewed when at most this is left: a quarter of the lifetime (decision 0003). */
    private static final Duration SESSION_RENEWAL = Duration.ofMinutes(15);

    private final Clock clock;
    private final TokenKeys keys;
    private final Optional<TrustedIssuer> access;
    private final Optional<TrustedIssuer> session;

    TokenIssuer(AuthSettings settings, TokenKeys keys, Clock clock) {
        this.clock = clock;
        this.keys = keys;
        this.access = TrustedIssuer.signing(settings.accessTokens());
        this.session = TrustedIssuer.signing(settings.sessionTokens());
    }

    /**
     * Issues an AccessToken for the app, valid from now for the given time.
     *
     * @throws UnauthorizedException if only an external issuer has the keys
     */
    Token issueAccessToken(String appKey, Duration lifetime) {
        TrustedIssuer signer = access.orElseThrow(
                () -> new UnauthorizedException("tokenByAkSk: another issuer signs AccessTokens"));
        Jwt token = issue(signer, appKey, lifetime, Map.of(signer.claims().appKey(), appKey));
        return Token.of(token, signer, null);
    }

    /**
     * Issues a session token for a customer of the app, valid for one hour.
     *
     * @throws UnauthorizedException if only an external issuer has the keys
     */
    Token issueSessionToken(String appKey, Customer customer) {
        TrustedIssuer signer = session.orElseThrow(
                () -> new UnauthorizedException("applyToken: another issuer signs session tokens"));
        TokenSettings.Claims names = signer.claims();
        Jwt token = issue(signer, customer.userId(), SESSION_LIFETIME, Map.of(names.tenantId(), customer.tenantId(),
                names.channelId(), customer.channelId(), names.userId(), customer.userId(), names.appKey(), appKey));
        return Token.of(token, signer, customer);
    }

    /**
     * Renews a session token that is about to expire: the same claims for another hour.
     *
     * @return the fresh token; empty if more than 15 minutes are left, or an external issuer signs
     */
    Optional<Token> renew(Token old) {
        if (old.expiresAt().isAfter(clock.instant().plus(SESSION_RENEWAL))) {
            return Optional.empty();
        }
        return session.filter(signer -> signer.name().equals(old.issuer().name())).map(signer -> Token.of(
                sign(signer, JwtClaimsSet.builder().claims(all -> all.putAll(old.claims())), SESSION_LIFETIME),
                signer, old.customer()));
    }

    private Jwt issue(TrustedIssuer signer, String subject, Duration lifetime, Map<String, Object> more) {
        return sign(signer, JwtClaimsSet.builder().issuer(signer.name()).subject(subject)
                .audience(List.of(signer.audience())).claims(all -> all.putAll(more)), lifetime);
    }

    private Jwt sign(TrustedIssuer signer, JwtClaimsSet.Builder claims, Duration lifetime) {
        Instant now = clock.instant();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();
        return keys.encoder(signer).encode(JwtEncoderParameters.from(header,
                claims.issuedAt(now).expiresAt(now.plus(lifetime)).build()));
    }
}
