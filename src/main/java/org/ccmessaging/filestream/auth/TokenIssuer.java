package org.ccmessaging.filestream.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.stereotype.Component;

/**
 * Issues the two kinds of token of contract section 6, signed with the service's own key. It issues none if an external
 * issuer has the keys; {@link AuthSettings} refuses the token endpoints then.
 */
@Component
class TokenIssuer {

    /** Lifetime of a session token (contract section 5: one hour). */
    private static final Duration SESSION_LIFETIME = Duration.ofHours(1);

    /** A session token is renewed when at most this is left: a quarter of the lifetime (decision 0003). */
    private static final Duration SESSION_RENEWAL = Duration.ofMinutes(15);

    private final String issuer;
    private final Clock clock;
    private final JwtEncoder encoder;

    TokenIssuer(AuthSettings settings, TokenKeys keys, Clock clock) {
        this.issuer = settings.issuer();
        this.clock = clock;
        this.encoder = keys.encoder();
    }

    /** Issues an AccessToken for the app, valid from now for the given time. */
    Token issueAccessToken(String appKey, Duration lifetime) {
        return Token.access(issue(Token.ACCESS_AUDIENCE, appKey, lifetime, Map.of()));
    }

    /** Issues a session token for a customer of the app, valid for one hour. */
    Token issueSessionToken(String appKey, Customer customer) {
        return Token.session(issue(Token.SESSION_AUDIENCE, customer.userId(), SESSION_LIFETIME,
                Map.of(Token.TENANT_ID, customer.tenantId(), Token.CHANNEL_ID, customer.channelId(),
                        Token.USER_ID, customer.userId(), Token.APP_KEY, appKey)));
    }

    /**
     * Renews a session token that is about to expire: the same claims for another hour.
     *
     * @return the fresh token; empty if more than 15 minutes are left, or an external issuer has the keys
     */
    Optional<Token> renew(Token session) {
        if (encoder == null || session.expiresAt().isAfter(clock.instant().plus(SESSION_RENEWAL))) {
            return Optional.empty();
        }
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder().claims(all -> all.putAll(session.claims()));
        return Optional.of(Token.session(sign(claims, SESSION_LIFETIME)));
    }

    private Jwt issue(String audience, String subject, Duration lifetime, Map<String, Object> more) {
        return sign(JwtClaimsSet.builder().issuer(issuer).audience(List.of(audience)).subject(subject)
                .claims(all -> all.putAll(more)), lifetime);
    }

    private Jwt sign(JwtClaimsSet.Builder claims, Duration lifetime) {
        Instant now = clock.instant();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).type("JWT").build();
        return encoder.encode(JwtEncoderParameters.from(header,
                claims.issuedAt(now).expiresAt(now.plus(lifetime)).build()));
    }
}
