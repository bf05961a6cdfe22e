package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;

/** Fetches the key set of an external issuer. Each call is a fetch, but for those of {@link #cached}. */
final class IssuerKeySet implements JWKSetSource<SecurityContext> {

    /** In milliseconds. Nimbus's half a second is short for a provider on another continent. */
    private static final int TIMEOUT = 2000;

    private final TrustedIssuer issuer;
    private final IssuerCalls fetches;
    private final JWKSource<SecurityContext> cached = JWKSourceBuilder.create(this).outageTolerantForever().build();

    IssuerKeySet(TrustedIssuer issuer, MeterRegistry meters) {
        this.issuer = issuer;
        this.fetches = new IssuerCalls("The key set of " + issuer.setting(), meters);
    }

    /**
     * Returns Nimbus's key source, which keeps a set for five minutes and fetches it at most twice in 30 s. Spring's
     * {@code withJwkSetUri} would fetch it again for every token with an unknown key ID (decision 0003).
     */
    JWKSource<SecurityContext> cached() {
        return cached;
    }

    /** Returns why no fetch has succeeded yet; {@code null} once one has. */
    String missing() {
        String reason = fetches.missing();
        return reason == null ? null : issuer.setting() + ": " + reason;
    }

    void fetchFirst() {
        try {
            if (missing() != null) {
                getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), System.currentTimeMillis(), null);
            }
        } catch (KeySourceException logged) {
            // The key set is fetched again later.
        }
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
            throws KeySourceException {
        try {
            // The metadata is fetched each time, since an issuer may move its key set.
            URI address = !issuer.discovered() ? issuer.address() : OIDCProviderMetadata.resolve(
                    new Issuer(issuer.address()), TIMEOUT, TIMEOUT).getJWKSetURI();
            JWKSet keys = new URLBasedJWKSetSource<>(address.toURL(), new DefaultResourceRetriever(
                    TIMEOUT, TIMEOUT, JWKSourceBuilder.DEFAULT_HTTP_SIZE_LIMIT))
                            .getJWKSet(refresh, now, context);
            fetches.succeeded();
            return keys;
        } catch (KeySourceException | GeneralException | IOException | RuntimeException failure) {
            throw new JWKSetRetrievalException(fetches.failed(failure), failure);
        }
    }

    @Override
    public void close() {
        // Each fetch has its own connection.
    }
}
