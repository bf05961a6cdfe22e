package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
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
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/**
 * Chooses the keys that verify and sign tokens: the service's own key ({@code filestream.auth.signing-key}, HS256), or
 * the key set of an external issuer ({@code filestream.auth.jwk-set-uri}, RS256 and ES256), which only verifies.
 *
 * <p>It is also the health contributor {@code keys}, which is down until the issuer's key set has been fetched once:
 * every download would end with 500. Readiness includes it. It stays up when the issuer fails later, because verified
 * tokens remain valid and all replicas are in the same state; alert {@code FilestreamKeySetUnavailable} reports that
 * (decision 0021).
 */
@Component("keysHealthIndicator")
final class TokenKeys implements HealthIndicator, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);

    private final AuthSettings settings;
    private final HealthSettings health;
    private final IssuerKeySet keySet;
    private volatile Thread fetching;

    TokenKeys(AuthSettings settings, HealthSettings health, MeterRegistry meters) {
        this.settings = settings;
        this.health = health;
        this.keySet = settings.jwkSetUri() == null ? null : keySet(settings.jwkSetUri(), meters);
    }

    private static IssuerKeySet keySet(URI address, MeterRegistry meters) {
        try {
            return new IssuerKeySet(address.toURL(), meters);
        } catch (MalformedURLException | IllegalArgumentException malformed) {
            throw new InvalidSettingException("filestream.auth.jwk-set-uri", address, "an http or https address");
        }
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

    @Override
    public Health health() {
        String missing = keySet == null ? null : keySet.missing();
        return missing == null ? Health.up().build()
                : Health.down().withDetail("reason", "filestream.auth.jwk-set-uri: " + missing).build();
    }

    @Override
    public void start() {
        fetching = new Thread(this::fetchFirst, "key-set");
        fetching.setDaemon(true);
        if (keySet != null) {
            fetching.start();
        }
    }

    /** Fetches until there are keys, past the verifiers' key source, which limits its fetches. */
    private void fetchFirst() {
        try {
            while (keySet.missing() != null) {
                try {
                    keySet.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), System.currentTimeMillis(), null);
                } catch (KeySourceException logged) {
                    Thread.sleep(health.probeInterval().toMillis());
                }
            }
        } catch (InterruptedException stopped) {
            LOG.debug("The service stops before it has got the key set");
        }
    }

    @Override
    public void stop() {
        fetching.interrupt();
        fetching = null;
    }

    @Override
    public boolean isRunning() {
        return fetching != null;
    }
}
