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
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the key set of an external issuer and counts the fetches. Nimbus's cache is in front of it, so each call is a
 * fetch. The log gets one line when a fetch fails, and one when the next one succeeds.
 */
final class CountedKeySet extends JWKSetSourceWrapper<SecurityContext> {

    private static final Logger LOG = LoggerFactory.getLogger(CountedKeySet.class);

    /** User and password, and the parameters, which may be credentials as well. */
    private static final Pattern USER = Pattern.compile("//[^/@\\s]*@");
    private static final Pattern PARAMETERS = Pattern.compile("\\?\\S+");

    private final Counter successes;
    private final Counter failures;
    private boolean failing;
    private long failingSince;

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
            succeeded();
            return keys;
        } catch (KeySourceException | RuntimeException failure) {
            failures.increment();
            String reason = withoutCredentials(String.valueOf(failure.getMessage()));
            failed(reason);
            throw new JWKSetRetrievalException(reason, failure);
        }
    }

    /** Java's client names the whole address in some of its messages. */
    private static String withoutCredentials(String message) {
        return PARAMETERS.matcher(USER.matcher(message).replaceAll("//(hidden)@")).replaceAll("?(hidden)");
    }

    private synchronized void failed(String reason) {
        if (!failing) {
            failing = true;
            failingSince = System.nanoTime();
            LOG.warn("The key set of filestream.auth.jwk-set-uri cannot be fetched: {}", LogText.visible(reason));
        }
    }

    private synchronized void succeeded() {
        if (failing) {
            failing = false;
            LOG.info("The key set of filestream.auth.jwk-set-uri is back after {} s",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - failingSince));
        }
    }
}
