package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import org.ccmessaging.filestream.auth.TokenSettings.SigningKey;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.stereotype.Component;

/** Issues AccessTokens and session tokens (contract section 6). */
@Component
record TokenIssuer(AuthSettings settings, Clock clock) {

    /** Lifetime of a session token (contract section 5). */
    private static final Duration SESSION_LIFETIME = Duration.ofHours(1);

    /** The service renews a session token that expires within this time. */
    private static final Duration SESSION_RENEWAL = Duration.ofMinutes(15);

    /** A signed token. */
    record IssuedToken(String value, Instant issuedAt) {
    }

    IssuedToken issueAccessToken(String appKey, Duration lifetime) {
        TrustedIssuer signer = TrustedIssuer.signing(settings.accessTokens()).orElseThrow(
                () -> new UnauthorizedException("tokenByAkSk: another issuer signs AccessTokens"));
        return sign(signer, claims(signer, appKey).claim(signer.claims().appKey(), appKey), lifetime);
    }

    IssuedToken issueSessionToken(String appKey, Customer customer) {
        TrustedIssuer signer = TrustedIssuer.signing(settings.sessionTokens()).orElseThrow(
                () -> new UnauthorizedException("applyToken: another issuer signs session tokens"));
        TokenSettings.Claims names = signer.claims();
        return sign(signer, claims(signer, customer.userId()).claim(names.tenantId(), customer.tenantId())
                .claim(names.channelId(), customer.channelId()).claim(names.userId(), customer.userId())
                .claim(names.appKey(), appKey), SESSION_LIFETIME);
    }

    /** Renews a token that expires soon, unless another issuer signed the token or the app has another tenant now. */
    Optional<IssuedToken> renew(Token old) {
        AuthSettings.App app = settings.apps().get(old.appKey());
        boolean moved = app != null && !app.tenantId().equals(old.customer().tenantId());
        if (moved || old.expiresAt().isAfter(clock.instant().plus(SESSION_RENEWAL))) {
            return Optional.empty();
        }
        return TrustedIssuer.signing(settings.sessionTokens()).filter(old.issuer()::equals)
                .map(signer -> issueSessionToken(old.appKey(), old.customer()));
    }

    private static JWTClaimsSet.Builder claims(TrustedIssuer signer, String subject) {
        return new JWTClaimsSet.Builder().issuer(signer.name()).subject(subject).audience(signer.audience());
    }

    private IssuedToken sign(TrustedIssuer signer, JWTClaimsSet.Builder claims, Duration lifetime) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        SigningKey key = signer.signingKeys().get(0);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).keyID(key.kid()).build(),
                claims.issueTime(Date.from(now)).expirationTime(Date.from(now.plus(lifetime))).build());
        try {
            token.sign(new MACSigner(key.secret().reveal()));
            return new IssuedToken(token.serialize(), now);
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
