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
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.stereotype.Component;

/** Issues the two kinds of token of contract section 6, signed with the service's own keys. */
@Component
record TokenIssuer(AuthSettings settings, TokenKeys keys, Clock clock) {

    /** Lifetime of a session token (contract section 5: one hour). */
    private static final Duration SESSION_LIFETIME = Duration.ofHours(1);

    /** A session token is renewed when at most this is left: a quarter of the lifetime (decision 0003). */
    private static final Duration SESSION_RENEWAL = Duration.ofMinutes(15);

    Token issueAccessToken(String appKey, Duration lifetime) {
        TrustedIssuer signer = TrustedIssuer.signing(settings.accessTokens()).orElseThrow(
                () -> new UnauthorizedException("tokenByAkSk: another issuer signs AccessTokens"));
        return issue(signer, appKey, null, lifetime, Map.of(signer.claims().appKey(), appKey));
    }

    Token issueSessionToken(String appKey, Customer customer) {
        TrustedIssuer signer = TrustedIssuer.signing(settings.sessionTokens()).orElseThrow(
                () -> new UnauthorizedException("applyToken: another issuer signs session tokens"));
        TokenSettings.Claims names = signer.claims();
        return issue(signer, customer.userId(), customer, SESSION_LIFETIME, Map.of(
                names.tenantId(), customer.tenantId(), names.channelId(), customer.channelId(),
                names.userId(), customer.userId(), names.appKey(), appKey));
    }

    /** Returns a token with the same claims; empty while the old one is fresh, or if an external issuer signed it. */
    Optional<Token> renew(Token old) {
        if (old.jwt().getExpiresAt().isAfter(clock.instant().plus(SESSION_RENEWAL))) {
            return Optional.empty();
        }
        return TrustedIssuer.signing(settings.sessionTokens()).filter(signer ->
                signer.name().equals(old.issuer().name())).map(signer -> sign(signer, JwtClaimsSet.builder()
                        .claims(all -> all.putAll(old.jwt().getClaims())), old.customer(), SESSION_LIFETIME));
    }

    private Token issue(TrustedIssuer signer, String subject, Customer customer, Duration lifetime,
            Map<String, Object> more) {
        return sign(signer, JwtClaimsSet.builder().issuer(signer.name()).subject(subject)
                .audience(List.of(signer.audience())).claims(all -> all.putAll(more)), customer, lifetime);
    }

    private Token sign(TrustedIssuer signer, JwtClaimsSet.Builder claims, Customer customer, Duration lifetime) {
        Instant now = clock.instant();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();
        return new Token(keys.encoder(signer).encode(JwtEncoderParameters.from(header,
                claims.issuedAt(now).expiresAt(now.plus(lifetime)).build())), signer, customer);
    }
}
