package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.ResourceRetriever;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key set of an external issuer. Nimbus limits the fetches that unknown key IDs cause. The cached key set never
 * expires: {@link #refresh} renews the set in the background, so a request with a known key never waits (decision
 * 0003).
 */
final class IssuerKeys implements JWKSource<SecurityContext> {

    /** Maximum age of the key set while fetches succeed. */
    static final Duration KEPT = Duration.ofMinutes(5);

    /** Nimbus allows two fetches per interval. Invented key IDs delay the fetch of a new key by up to an interval. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    /** Maximum wait for a connection, for the response, and for a fetch that another request has started. */
    static final int TIMEOUT_MILLIS = 2_000;

    /** Maximum number of requests that wait for a fetch. A waiting request occupies a thread. */
    static final int MOST_WAITING = 100;

    private static final JWKSet NONE = new JWKSet();
    private static final String NOT_CALLED = "not called yet";
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

    private final TrustedIssuer issuer;
    private final ResourceRetriever http;
    private final LongSupplier millis;
    private final JWKSetSource<SecurityContext> source;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final Counter successes;
    private final Counter failures;
    private volatile long fetchedAt;
    private volatile String found;
    private volatile String failure = NOT_CALLED;

    /** @param millis monotonic time in milliseconds */
    IssuerKeys(TrustedIssuer issuer, ResourceRetriever http, LongSupplier millis, Duration interval,
            MeterRegistry meters) {
        this.issuer = issuer;
        this.http = http;
        this.millis = millis;
        this.successes = fetches("success", meters);
        this.failures = fetches("failure", meters);
        JWKSource<SecurityContext> built = JWKSourceBuilder.create(new Fetches())
                .cache(Long.MAX_VALUE, TIMEOUT_MILLIS).refreshAheadCache(false)
                .rateLimited(interval.toMillis()).build();
        this.source = ((JWKSetBasedJWKSource<SecurityContext>) built).getJWKSetSource();
    }

    private static Counter fetches(String outcome, MeterRegistry meters) {
        return Counter.builder("filestream.keyset.fetches").tag("outcome", outcome)
                .description("Fetches of the key sets of external issuers").register(meters);
    }

    String name() {
        return issuer.name();
    }

    /** Returns why no fetch has succeeded yet; {@code null} after a successful fetch. */
    String missing() {
        return found == null ? issuer.setting() + ": " + failure : null;
    }

    String state() {
        return found == null ? "no keys: " + failure
                : failure == null ? found : found + "; the last fetch failed: " + failure;
    }

    /** Waits for a fetch only if no cached key matches, and throws if no fetch has succeeded yet. */
    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) throws JWKSetRetrievalException {
        JWKSet known = found == null ? NONE : set(JWKSetCacheRefreshEvaluator.noRefresh());
        List<JWK> selected = selector.select(known);
        if (selected.isEmpty() && waiting.tryAcquire()) {
            try {
                selected = selector.select(set(JWKSetCacheRefreshEvaluator.referenceComparison(known)));
            } finally {
                waiting.release();
            }
        }
        if (found == null) {
            throw new JWKSetRetrievalException(failure, null);
        }
        return selected;
    }

    /**
     * Fetches the key set if the last fetch did not succeed, or if the set would be older than {@link #KEPT} after the
     * time {@code next}.
     */
    void refresh(Duration next) {
        if (failure != null || millis.getAsLong() + next.toMillis() - fetchedAt > KEPT.toMillis()) {
            set(JWKSetCacheRefreshEvaluator.forceRefresh());
        }
    }

    /** Returns the key set; an empty set if the fetch fails or exceeds the rate limit. */
    private JWKSet set(JWKSetCacheRefreshEvaluator evaluator) {
        try {
            return source.getJWKSet(evaluator, millis.getAsLong(), null);
        } catch (KeySourceException unavailable) {
            return NONE;
        }
    }

    /** Fetches the key set. The cache of Nimbus lets only one thread fetch at a time. */
    private final class Fetches implements JWKSetSource<SecurityContext> {

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long time, SecurityContext context)
                throws JWKSetRetrievalException {
            boolean failed = failure != null && !failure.equals(NOT_CALLED);
            try {
                JWKSet keys = JWKSet.parse(get(issuer.discovered() ? discover() : issuer.address()));
                fetchedAt = time;
                found = keys.size() + " keys, fetched at " + Instant.now().truncatedTo(ChronoUnit.SECONDS);
                failure = null;
                successes.increment();
                if (failed) {
                    LOG.info("The key set of {} is back", issuer.setting());
                }
                return keys;
            } catch (IOException | ParseException | RuntimeException cause) {
                failure = describe(cause);
                failures.increment();
                if (!failed) {
                    LOG.warn("The key set of {} cannot be fetched: {}", issuer.setting(), LogText.visible(failure));
                }
                throw new JWKSetRetrievalException(failure, cause);
            }
        }

        @Override
        public void close() {
        }
    }

    private String get(URI address) throws IOException {
        return http.retrieveResource(address.toURL()).getContent();
    }

    /** Describes a failure without the user, password and query of an address. */
    private String describe(Exception failed) {
        return (failed.toString().replaceFirst("^[a-z.]+", "") + " at " + issuer.address())
                .replaceAll("//[^/@\\s]*@", "//(hidden)@").replaceAll("\\?\\S+", "?(hidden)");
    }

    /** Fetches the issuer's metadata each time, because the address of the key set may change. */
    private URI discover() throws IOException {
        String expected = issuer.address().toString();
        JsonNode metadata = Token.JSON.readTree(get(URI.create(
                expected.replaceFirst("/$", "") + "/.well-known/openid-configuration")));
        if (!metadata.path("issuer").asText().equals(expected)) {
            throw new IOException("the metadata is that of another issuer, " + metadata.path("issuer").asText());
        }
        return URI.create(metadata.path("jwks_uri").asText());
    }
}
