package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the key set of an external issuer and counts the fetches. It has no cache, so each call is a fetch. It logs a
 * line when a fetch fails, and one when the next fetch succeeds.
 */
final class IssuerKeySet extends JWKSetSourceWrapper<SecurityContext> {

    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeySet.class);

    private final Counter successes;
    private final Counter failures;
    private Instant failingSince;
    private volatile String missing = "not fetched yet";

    IssuerKeySet(URL address, MeterRegistry meters) {
        super(new URLBasedJWKSetSource<>(address, new DefaultResourceRetriever(
                JWKSourceBuilder.DEFAULT_HTTP_CONNECT_TIMEOUT, JWKSourceBuilder.DEFAULT_HTTP_READ_TIMEOUT,
                JWKSourceBuilder.DEFAULT_HTTP_SIZE_LIMIT)));
        this.successes = fetches("success", meters);
        this.failures = fetches("failure", meters);
    }

    private static Counter fetches(String outcome, MeterRegistry meters) {
        return Counter.builder("filestream.keyset.fetches").tag("outcome", outcome)
                .description("Fetches of the issuer's key set (filestream.auth.jwk-set-uri)").register(meters);
    }

    /** Returns why no fetch has succeeded yet; {@code null} once one has. */
    String missing() {
        return missing;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
            throws KeySourceException {
        try {
            JWKSet keys = getSource().getJWKSet(refresh, now, context);
            successes.increment();
            succeeded();
            return keys;
        } catch (KeySourceException | RuntimeException failure) {
            failures.increment();
            // Some messages of Java's client have the complete address, with a password or a key in its parameters.
            String reason = String.valueOf(failure.getMessage())
                    .replaceAll("//[^/@\\s]*@", "//(hidden)@").replaceAll("\\?\\S+", "?(hidden)");
            failed(reason);
            throw new JWKSetRetrievalException(reason, failure);
        }
    }

    private synchronized void failed(String reason) {
        missing = missing == null ? null : reason;
        if (failingSince == null) {
            failingSince = Instant.now();
            LOG.warn("The key set of filestream.auth.jwk-set-uri cannot be fetched: {}", LogText.visible(reason));
        }
    }

    private synchronized void succeeded() {
        missing = null;
        if (failingSince != null) {
            LOG.info("The key set of filestream.auth.jwk-set-uri is back after {} s",
                    Duration.between(failingSince, Instant.now()).toSeconds());
            failingSince = null;
        }
    }
}
