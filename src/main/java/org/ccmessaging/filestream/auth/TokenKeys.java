package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/**
 * Chooses the keys that verify and sign tokens: the service's own key ({@code filestream.auth.signing-key}, HS256), or
 * the key set of an external issuer ({@code filestream.auth.jwk-set-uri}, RS256 and ES256), which only verifies.
 */
@Component
final class TokenKeys {

    private final AuthSettings settings;
    private final CountedKeySet keySet;

    TokenKeys(AuthSettings settings, MeterRegistry meters) {
        this.settings = settings;
        this.keySet = settings.jwkSetUri() == null ? null : keySet(settings.jwkSetUri(), meters);
    }

    private static CountedKeySet keySet(URI address, MeterRegistry meters) {
        try {
            return new CountedKeySet(address.toURL(), meters);
        } catch (MalformedURLException | IllegalArgumentException malformed) {
            throw new InvalidSettingException("filestream.auth.jwk-set-uri", address, "an http or https address");
        }
    }

    /** The key set of an external issuer, without a cache: each call is a fetch. {@code null} with a signing key. */
    CountedKeySet keySet() {
        return keySet;
    }

    /** A decoder that checks signatures. The caller sets the validator of the claims. */
    NimbusJwtDecoder decoder() {
        return settings.signingKey() == null ? keySetDecoder()
                : NimbusJwtDecoder.withSecretKey(signingKey()).macAlgorithm(MacAlgorithm.HS256).build();
    }

    /** An encoder that signs; {@code null} if an external issuer has the keys. */
    JwtEncoder encoder() {
        return settings.signingKey() == null ? null : new NimbusJwtEncoder(new ImmutableSecret<>(signingKey()));
    }

    private SecretKey signingKey() {
        return new SecretKeySpec(settings.signingKey().reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /**
     * Uses Nimbus's key source, which keeps the set for five minutes and fetches it at most twice in 30 s. Spring's
     * {@code withJwkSetUri} would fetch it again for every token with an unknown key ID (decision 0003).
     */
    private NimbusJwtDecoder keySetDecoder() {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256), JWKSourceBuilder.create(keySet).build()));
        // The caller's validator checks the claims, once.
        processor.setJWTClaimsSetVerifier((claims, context) -> { });
        return new NimbusJwtDecoder(processor);
    }
}
