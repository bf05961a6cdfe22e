package org.ccmessaging.filestream.auth.token;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URL;

/**
 * Fetches the key set of an external issuer and counts the fetches. Nimbus's cache is in front of it, so each call is a
 * fetch.
 */
final class CountedKeySet extends JWKSetSourceWrapper<SecurityContext> {

    private final Counter successes;
    private final Counter failures;

    CountedKeySet(URL address, MeterRegistry meters) {
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

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
            throws KeySourceException {
        try {
            JWKSet keys = getSource().getJWKSet(refresh, now, context);
            successes.increment();
            return keys;
        } catch (KeySourceException | RuntimeException failure) {
            failures.increment();
            throw failure;
        }
    }
}
