package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.proc.ConfigurableJOSEProcessor;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.DefaultJOSEProcessor;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The keys that verify tokens: the service's own keys (HS256), and the key sets of external issuers. The health
 * contributor {@code keys} is down until each key set has been fetched once. If a later fetch fails, the contributor
 * stays up, because the service keeps the keys of the last successful fetch (decision 0021).
 */
@Component("keysHealthIndicator")
public final class TokenKeys implements HealthIndicator {

    /** Signature algorithms that the service accepts from external issuers. */
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

    private static final int LARGEST_BYTES = 64 * 1024;

    private final Map<URI, IssuerKeys> keySets = new LinkedHashMap<>();
    private final Duration interval;
    private final PeriodicTasks threads;

    TokenKeys(AuthSettings settings, HealthSettings health, MeterRegistry meters) {
        this.interval = Duration.ofMillis(Math.min(health.probeInterval().toMillis(), IssuerKeys.KEPT.toMillis()));
        Stream.of(settings.accessTokens(), settings.sessionTokens()).flatMap(List::stream)
                .filter(issuer -> issuer.address() != null).forEach(issuer -> keySets.computeIfAbsent(issuer.address(),
                        address -> keySet(issuer, meters)));
        // Each key set has its own thread, so that a slow issuer does not delay the fetches from other issuers.
        this.threads = new PeriodicTasks("token-keys", Math.max(1, keySets.size()));
    }

    static IssuerKeys keySet(TrustedIssuer issuer, MeterRegistry meters) {
        long start = System.nanoTime();
        return new IssuerKeys(issuer, new DefaultResourceRetriever(IssuerKeys.TIMEOUT_MILLIS,
                IssuerKeys.TIMEOUT_MILLIS, LARGEST_BYTES),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), IssuerKeys.INTERVAL, meters);
    }

    /** Returns a verifier of a token's type, algorithm and signature. {@link TokenVerifier} checks the claims. */
    ConfigurableJOSEProcessor<SecurityContext> signatures(TrustedIssuer issuer) {
        DefaultJOSEProcessor<SecurityContext> processor = new DefaultJOSEProcessor<>();
        // Some issuers set typ at+jwt (RFC 9068 section 2.1). The value null accepts a token without typ.
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT,
                new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null));
        processor.setJWSKeySelector(issuer.address() == null ? (header, context) -> ownKeys(issuer, header)
                : new JWSVerificationKeySelector<>(ALGORITHMS, keySets.get(issuer.address())));
        return processor;
    }

    private static List<Key> ownKeys(TrustedIssuer issuer, JWSHeader header) {
        String kid = header.getKeyID();
        return JWSAlgorithm.HS256.equals(header.getAlgorithm()) ? issuer.signingKeys().stream()
                .filter(key -> key.kid() == null || kid == null || key.kid().equals(kid)).<Key>map(key ->
                        new SecretKeySpec(key.secret().reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"))
                .toList() : List.of();
    }

    @Override
    public Health health() {
        Health.Builder health = keySets.values().stream().map(IssuerKeys::missing).filter(Objects::nonNull)
                .findFirst().map(reason -> Health.down().withDetail("reason", reason)).orElseGet(Health::up);
        keySets.values().forEach(keySet -> health.withDetail(keySet.name(), keySet.state()));
        return health.build();
    }

    @PostConstruct
    void start() {
        keySets.values().forEach(keySet -> threads.scheduleWithFixedDelay(
                () -> keySet.refresh(interval), 0, interval.toNanos(), TimeUnit.NANOSECONDS));
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }
}
