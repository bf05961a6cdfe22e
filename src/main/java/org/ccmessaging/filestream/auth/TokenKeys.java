package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.JwtDecoder;
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
final class TokenKeys implements HealthIndicator {

    private final Map<URI, IssuerKeySet> keySets = new LinkedHashMap<>();
    private final List<FileSecret> files;
    private final long interval;
    private final PeriodicTasks threads;

    TokenKeys(AuthSettings settings, HealthSettings health, MeterRegistry meters) {
        this.files = settings.files();
        this.interval = Math.min(health.probeInterval().toNanos(), IssuerKeySet.KEPT);
        Stream.of(settings.accessTokens(), settings.sessionTokens()).flatMap(List::stream)
                .filter(issuer -> issuer.address() != null && issuer.client() == null).forEach(issuer ->
                        keySets.computeIfAbsent(issuer.address(), address -> new IssuerKeySet(issuer, meters)));
        // A thread for each, since each may hang.
        this.threads = new PeriodicTasks("token-keys", keySets.size() + 1);
    }

    JwtDecoder decoder(TrustedIssuer issuer) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        // No type, or that of a JWT or of an AccessToken (RFC 9068 section 2.1), which some issuers set.
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT,
                new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null));
        processor.setJWSKeySelector(issuer.address() == null ? (header, context) -> ownKeys(issuer, header)
                : fetchedKeys(keySets.get(issuer.address())));
        processor.setJWSVerifierFactory(Ed25519Verifier.FACTORY);
        // TokenVerifier checks the claims, once.
        processor.setJWTClaimsSetVerifier((claims, context) -> { });
        NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(token -> OAuth2TokenValidatorResult.success());
        return decoder;
    }

    private static JWSKeySelector<SecurityContext> fetchedKeys(JWKSource<SecurityContext> keySet) {
        JWSKeySelector<SecurityContext> others = new JWSVerificationKeySelector<>(
                Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256), keySet);
        return (header, context) -> JWSAlgorithm.EdDSA.equals(header.getAlgorithm())
                ? Ed25519Verifier.keys(keySet.get(new JWKSelector(JWKMatcher.forJWSHeader(header)), context))
                : others.selectJWSKeys(header, context);
    }

    private static List<Key> ownKeys(TrustedIssuer issuer, JWSHeader header) {
        String kid = header.getKeyID();
        return JWSAlgorithm.HS256.equals(header.getAlgorithm()) ? ownKeys(issuer).stream()
                .filter(key -> key.getKeyID() == null || kid == null || key.getKeyID().equals(kid))
                .<Key>map(key -> key.toSecretKey("HmacSHA256")).toList() : List.of();
    }

    private static List<OctetSequenceKey> ownKeys(TrustedIssuer issuer) {
        return issuer.signingKeys().stream().map(key -> new OctetSequenceKey.Builder(
                key.secret().reveal().getBytes(StandardCharsets.UTF_8)).keyID(key.kid()).build()).toList();
    }

    JwtEncoder encoder(TrustedIssuer issuer) {
        return new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(ownKeys(issuer).get(0))));
    }

    @Override
    public Health health() {
        Health.Builder health = keySets.values().stream().map(IssuerKeySet::missing).filter(Objects::nonNull)
                .findFirst().map(reason -> Health.down().withDetail("reason", reason)).orElseGet(Health::up);
        keySets.forEach((address, keySet) -> health.withDetail(keySet.name(), keySet.state()));
        return health.build();
    }

    /** Starts to renew the key sets of issuers, and the secrets of {@code filestream.auth} that are in files. */
    @PostConstruct
    void start() {
        keySets.values().forEach(keySet -> threads.scheduleWithFixedDelay(
                () -> keySet.refresh(interval), 0, interval, TimeUnit.NANOSECONDS));
        threads.scheduleWithFixedDelay(() -> files.forEach(FileSecret::look), 1, 1, TimeUnit.SECONDS);
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
