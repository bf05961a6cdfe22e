package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
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

    private static final int CONNECT_TIMEOUT = JWKSourceBuilder.DEFAULT_HTTP_CONNECT_TIMEOUT;
    private static final int READ_TIMEOUT = JWKSourceBuilder.DEFAULT_HTTP_READ_TIMEOUT;

    private final String setting;
    private final Counter successes;
    private final Counter failures;
    private Instant failingSince;
    private volatile String missing = "not fetched yet";

    IssuerKeySet(TrustedIssuer issuer, MeterRegistry meters) {
        super(issuer.discovered() ? new Discovered(issuer) : at(issuer.address()));
        this.setting = issuer.setting();
        this.successes = fetches("success", meters);
        this.failures = fetches("failure", meters);
    }

    private static JWKSetSource<SecurityContext> at(URI address) {
        try {
            return new URLBasedJWKSetSource<>(address.toURL(), new DefaultResourceRetriever(
                    CONNECT_TIMEOUT, READ_TIMEOUT, JWKSourceBuilder.DEFAULT_HTTP_SIZE_LIMIT));
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /** Takes the address of the key set from the metadata of the issuer, at each fetch, since an issuer may move it. */
    private record Discovered(TrustedIssuer issuer) implements JWKSetSource<SecurityContext> {

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
                throws KeySourceException {
            try {
                URI keySet = OIDCProviderMetadata.resolve(new Issuer(issuer.address()), CONNECT_TIMEOUT, READ_TIMEOUT)
                        .getJWKSetURI();
                return at(keySet).getJWKSet(refresh, now, context);
            } catch (GeneralException | IOException | IllegalArgumentException unusable) {
                throw new JWKSetRetrievalException(unusable.getMessage(), unusable);
            }
        }

        @Override
        public void close() {
            // Each fetch has its own connection.
        }
    }

    private static Counter fetches(String outcome, MeterRegistry meters) {
        return Counter.builder("filestream.keyset.fetches").tag("outcome", outcome)
                .description("Fetches of the key sets of external issuers").register(meters);
    }

    /** Returns why no fetch has succeeded yet; {@code null} once one has. */
    String missing() {
        return missing == null ? null : setting + ": " + missing;
    }

    /** Fetches the key set. A failure is logged, and {@link #missing} gives it. */
    void fetch() {
        try {
            getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), System.currentTimeMillis(), null);
        } catch (KeySourceException logged) {
            LOG.debug("The key set is fetched again later");
        }
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
            LOG.warn("The key set of {} cannot be fetched: {}", setting, LogText.visible(reason));
        }
    }

    private synchronized void succeeded() {
        missing = null;
        if (failingSince != null) {
            LOG.info("The key set of {} is back after {} s", setting,
                    Duration.between(failingSince, Instant.now()).toSeconds());
            failingSince = null;
        }
    }
}
