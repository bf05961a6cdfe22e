package org.ccmessaging.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;

/**
 * The token check of the contract's section 6, with the decoder that the product uses as well. It remembers verified
 * tokens until they expire, as the product does.
 */
@Component
class TokenCheck {

    private final NimbusJwtDecoder accessDecoder;
    private final NimbusJwtDecoder sessionDecoder;
    private final Cache<String, Jwt> verified = Caffeine.newBuilder().maximumSize(10_000).build();

    TokenCheck(@Value("${filestream.auth.signing-key}") String signingKey) {
        accessDecoder = decoder(signingKey, "apiaccess");
        sessionDecoder = decoder(signingKey, "ccmessaging");
    }

    /**
     * @return the tenant whose files may be read
     * @throws BadJwtException where a credential does not hold
     */
    String tenant(String authorization, String sessionToken, String appKey) {
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw new BadJwtException("not the scheme Bearer");
        }
        Jwt access = verify(accessDecoder, authorization.substring(7));
        Jwt session = verify(sessionDecoder, sessionToken);
        if (!appKey.equals(access.getSubject()) || !appKey.equals(session.getClaimAsString("azp"))) {
            throw new BadJwtException("issued to another app");
        }
        return session.getClaimAsString("tenantId");
    }

    private Jwt verify(NimbusJwtDecoder decoder, String token) {
        // The same text may be presented as the other token, for which it was not verified.
        String key = (decoder == accessDecoder ? "a" : "s") + token;
        Jwt known = verified.getIfPresent(key);
        if (known == null || known.getExpiresAt().isBefore(Instant.now())) {
            known = decoder.decode(token);
            verified.put(key, known);
        }
        return known;
    }

    private static NimbusJwtDecoder decoder(String signingKey, String audience) {
        var key = new SecretKeySpec(signingKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withSecretKey(key).macAlgorithm(MacAlgorithm.HS256).build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(Duration.ofSeconds(30)),
                new JwtClaimValidator<Instant>(JwtClaimNames.EXP, expiry -> expiry != null),
                new JwtIssuerValidator("ccmessaging-filestream"),
                new JwtClaimValidator<List<String>>(JwtClaimNames.AUD,
                        intended -> intended != null && intended.contains(audience))));
        return decoder;
    }
}
