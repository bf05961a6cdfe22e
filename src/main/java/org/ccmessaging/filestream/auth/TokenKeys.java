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
 * Provides the keys that verify the tokens of each {@link TrustedIssuer}: the service's own keys (HS256), or the key
 * set of an external issuer (RS256, PS256, ES256).
 *
 * <p>This class is also the health contributor {@code keys}, a part of readiness. The contributor is down until the
 * first fetch of each key set has succeeded. Until then, downloads with tokens of this key set end with 500. If a later
 * fetch fails, the contributor stays up: the service still uses the known keys, and all replicas have the problem.
 * Alert {@code FilestreamKeySetUnavailable} reports the failure (decision 0021).
 */
@Component("keysHealthIndicator")
public final class TokenKeys implements HealthIndicator {

    /** Algorithms of external issuers. */
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
        // Creates one thread for each key set, because a fetch may hang and must not delay other fetches.
        this.threads = new PeriodicTasks("token-keys", Math.max(1, keySets.size()));
    }

    static IssuerKeys keySet(TrustedIssuer issuer, MeterRegistry meters) {
        long start = System.nanoTime();
        return new IssuerKeys(issuer, new DefaultResourceRetriever(IssuerKeys.TIMEOUT_MILLIS,
                IssuerKeys.TIMEOUT_MILLIS, LARGEST_BYTES),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), IssuerKeys.INTERVAL, meters);
    }

    /** Returns the verifier for type, algorithm and signature. {@link TokenVerifier} checks the claims of a token. */
    ConfigurableJOSEProcessor<SecurityContext> signatures(TrustedIssuer issuer) {
        DefaultJOSEProcessor<SecurityContext> processor = new DefaultJOSEProcessor<>();
        // Accepts typ JWT, typ at+jwt (RFC 9068 section 2.1), which some issuers set, and a missing typ.
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

    /** Starts the periodic fetches of the key sets. */
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
