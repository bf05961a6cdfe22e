package org.ccmessaging.bench;

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

/** The token check of the contract's section 6, with the decoder that the product uses as well. */
@Component
class TokenCheck {

    private final NimbusJwtDecoder accessDecoder;
    private final NimbusJwtDecoder sessionDecoder;

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
        Jwt access = accessDecoder.decode(authorization.substring(7));
        Jwt session = sessionDecoder.decode(sessionToken);
        if (!appKey.equals(access.getSubject()) || !appKey.equals(session.getClaimAsString("azp"))) {
            throw new BadJwtException("issued to another app");
        }
        return session.getClaimAsString("tenantId");
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
