package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
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

/** Issues the two kinds of token of contract section 6, signed with the service's own keys. */
@Component
record TokenIssuer(AuthSettings settings, Clock clock) {

    /** Lifetime of a session token (contract section 5: one hour). */
    private static final Duration SESSION_LIFETIME = Duration.ofHours(1);

    /** A session token is renewed when at most this is left: a quarter of the lifetime (decision 0003). */
    private static final Duration SESSION_RENEWAL = Duration.ofMinutes(15);

    Token issueAccessToken(String appKey, Duration lifetime) {
        TrustedIssuer signer = TrustedIssuer.signing(settings.accessTokens()).orElseThrow(
                () -> new UnauthorizedException("tokenByAkSk: another issuer signs AccessTokens"));
        return sign(signer, claims(signer, appKey).claim(signer.claims().appKey(), appKey), null, lifetime);
    }

    Token issueSessionToken(String appKey, Customer customer) {
        TrustedIssuer signer = TrustedIssuer.signing(settings.sessionTokens()).orElseThrow(
                () -> new UnauthorizedException("applyToken: another issuer signs session tokens"));
        TokenSettings.Claims names = signer.claims();
        return sign(signer, claims(signer, customer.userId()).claim(names.tenantId(), customer.tenantId())
                .claim(names.channelId(), customer.channelId()).claim(names.userId(), customer.userId())
                .claim(names.appKey(), appKey), customer, SESSION_LIFETIME);
    }

    /** Returns a token with the same claims; empty while the old one is fresh, or if an external issuer signed it. */
    Optional<Token> renew(Token old) {
        if (old.claims().getExpirationTime().getTime() > clock.millis() + SESSION_RENEWAL.toMillis()) {
            return Optional.empty();
        }
        return TrustedIssuer.signing(settings.sessionTokens()).filter(signer ->
                signer.name().equals(old.issuer().name())).map(signer ->
                        sign(signer, new JWTClaimsSet.Builder(old.claims()), old.customer(), SESSION_LIFETIME));
    }

    private static JWTClaimsSet.Builder claims(TrustedIssuer signer, String subject) {
        return new JWTClaimsSet.Builder().issuer(signer.name()).subject(subject).audience(signer.audience());
    }

    private Token sign(TrustedIssuer signer, JWTClaimsSet.Builder claims, Customer customer, Duration lifetime) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        SigningKey key = signer.signingKeys().get(0);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).keyID(key.kid()).build(),
                claims.issueTime(Date.from(now)).expirationTime(Date.from(now.plus(lifetime))).build());
        try {
            token.sign(new MACSigner(key.secret().reveal()));
            return new Token(token.serialize(), token.getJWTClaimsSet(), signer, customer);
        } catch (JOSEException | ParseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
