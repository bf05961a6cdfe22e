package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.ccmessaging.filestream.auth.TokenSettings.SigningKey;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/**
 * Provides the keys of each {@link TrustedIssuer}: own keys (HS256) verify and sign tokens, and the key set of an
 * external issuer (RS256, PS256, ES256, EdDSA) only verifies them.
 *
 * <p>It is also the health contributor {@code keys}, which is down until the key set of each issuer has been fetched
 * once: downloads with its tokens would end with 500. Readiness includes it. It stays up when an issuer fails later,
 * because known keys remain in use and all replicas are in the same state; alert {@code FilestreamKeySetUnavailable}
 * reports that (decision 0021).
 */
@Component("keysHealthIndicator")
final class TokenKeys implements HealthIndicator, SmartLifecycle {

    private final HealthSettings health;
    private final Map<URI, IssuerKeySet> keySets = new LinkedHashMap<>();
    private final Map<URI, JWKSource<SecurityContext>> cached = new HashMap<>();
    private volatile Thread fetching;

    TokenKeys(AuthSettings settings, HealthSettings health, MeterRegistry meters) {
        this.health = health;
        Stream.of(settings.accessTokens(), settings.sessionTokens()).flatMap(List::stream)
                .filter(issuer -> issuer.address() != null && issuer.client() == null).forEach(issuer ->
                        keySets.computeIfAbsent(issuer.address(), address -> new IssuerKeySet(issuer, meters)));
        keySets.forEach((address, keySet) -> cached.put(address,
                JWKSourceBuilder.create(keySet).outageTolerantForever().build()));
    }

    /**
     * Uses Nimbus's key source, which keeps a set for five minutes and fetches it at most twice in 30 s. Spring's
     * {@code withJwkSetUri} would fetch it again for every token with an unknown key ID (decision 0003).
     */
    NimbusJwtDecoder decoder(TrustedIssuer issuer) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(issuer.address() == null ? (header, context) -> ownKeys(issuer, header)
                : fetchedKeys(cached.get(issuer.address())));
        processor.setJWSVerifierFactory(Ed25519Verifier.FACTORY);
        // The caller's validator checks the claims, once.
        processor.setJWTClaimsSetVerifier((claims, context) -> { });
        return new NimbusJwtDecoder(processor);
    }

    private static JWSKeySelector<SecurityContext> fetchedKeys(JWKSource<SecurityContext> keySet) {
        JWSKeySelector<SecurityContext> others = new JWSVerificationKeySelector<>(
                Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256), keySet);
        return (header, context) -> JWSAlgorithm.EdDSA.equals(header.getAlgorithm())
                ? Ed25519Verifier.keys(keySet.get(new JWKSelector(JWKMatcher.forJWSHeader(header)), context))
                : others.selectJWSKeys(header, context);
    }

    private static List<Key> ownKeys(TrustedIssuer issuer, JWSHeader header) {
        return JWSAlgorithm.HS256.equals(header.getAlgorithm()) ? issuer.signingKeys().stream()
                .filter(key -> key.kid() == null || header.getKeyID() == null || key.kid().equals(header.getKeyID()))
                .<Key>map(key -> new SecretKeySpec(bytes(key), "HmacSHA256")).toList() : List.of();
    }

    private static byte[] bytes(SigningKey key) {
        return key.secret().reveal().getBytes(StandardCharsets.UTF_8);
    }

    JwtEncoder encoder(TrustedIssuer issuer) {
        SigningKey first = issuer.signingKeys().get(0);
        return new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(
                new OctetSequenceKey.Builder(bytes(first)).keyID(first.kid()).build())));
    }

    @Override
    public Health health() {
        return missing().map(reason -> Health.down().withDetail("reason", reason)).orElseGet(Health::up).build();
    }

    private Optional<String> missing() {
        return keySets.values().stream().map(IssuerKeySet::missing).filter(Objects::nonNull).findFirst();
    }

    @Override
    public void start() {
        fetching = new Thread(this::fetchFirst, "key-set");
        fetching.setDaemon(true);
        if (!keySets.isEmpty()) {
            fetching.start();
        }
    }

    /** Fetches until there are keys of all issuers, past the verifiers' key source, which limits its fetches. */
    private void fetchFirst() {
        try {
            while (missing().isPresent()) {
                keySets.values().stream().filter(keySet -> keySet.missing() != null).forEach(IssuerKeySet::fetch);
                Thread.sleep(health.probeInterval().toMillis());
            }
        } catch (InterruptedException stopped) {
            // The service stops before it has got the key set.
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
