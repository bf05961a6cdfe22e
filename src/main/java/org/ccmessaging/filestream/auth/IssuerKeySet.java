package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.ccmessaging.filestream.auth.TokenKeys.KeySetState;
import org.springframework.boot.health.contributor.Status;

/**
 * The key set of an external issuer, which all verifiers of its tokens share. A token whose key is not in the set waits
 * for a fetch that starts after the token has arrived. The service starts at most one fetch a second for all requests.
 * So tokens with invented key IDs do not flood the issuer, and do not hide a new key (decision 0003).
 * A simulation overrides the methods that take time.
 */
class IssuerKeySet implements JWKSource<SecurityContext> {

    /** Maximum age of the set, unless the issuer cannot be reached. */
    static final long KEPT = TimeUnit.MINUTES.toNanos(5);

    private static final long BETWEEN_FETCHES = TimeUnit.SECONDS.toNanos(1);

    /** Maximum number of requests that wait for a fetch. Each occupies a thread. */
    private static final int MOST_WAITING = 100;

    private static final JWKSet NONE = new JWKSet();

    private final TrustedIssuer issuer;
    private final IssuerCalls calls;
    /** In the order of arrival: a request that came later must not make the others wait for its fetch. */
    private final ReentrantLock fetching = new ReentrantLock(true);
    private volatile JWKSet keys = NONE;
    private volatile String failure = "not called yet";
    private volatile long started = nanoTime() - BETWEEN_FETCHES;
    private volatile Instant fetched;
    private final LongAdder unknown = new LongAdder();

    IssuerKeySet(TrustedIssuer issuer, IssuerCalls calls) {
        this.issuer = issuer;
        this.calls = calls;
    }

    long nanoTime() {
        return System.nanoTime();
    }

    void pause(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
    }

    JWKSet fetch() throws Exception {
        return JWKSet.parse(calls.send(HttpRequest.newBuilder(
                issuer.discovered() ? discover() : issuer.address())));
    }

    /** Returns why no fetch has succeeded yet; {@code null} once one has. */
    String missing() {
        return keys == NONE ? issuer.setting() + ": " + failure : null;
    }

    String name() {
        return issuer.name();
    }

    KeySetState state() {
        return keys == NONE ? new KeySetState(Status.DOWN, "no keys: " + failure)
                : new KeySetState(failure == null ? Status.UP : Status.UNKNOWN,
                        "%d keys, fetched at %s; %d tokens named a key that is not among them%s".formatted(keys.size(),
                        fetched, unknown.sum(), failure == null ? "" : "; the last fetch failed: " + failure));
    }

    /** @throws JWKSetRetrievalException if no fetch has succeeded yet */
    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) throws JWKSetRetrievalException {
        long asked = nanoTime();
        if (selector.select(keys).isEmpty() && fetching.getQueueLength() < MOST_WAITING) {
            fetchIf(() -> started - asked < 0 && selector.select(keys).isEmpty());
        }
        if (keys == NONE) {
            throw new JWKSetRetrievalException(failure, null);
        }
        List<JWK> selected = selector.select(keys);
        if (selected.isEmpty()) {
            unknown.increment();
        }
        return selected;
    }

    /** Fetches the set, unless it stays young enough for the next nanoseconds and the last fetch has succeeded. */
    void refresh(long next) {
        fetchIf(() -> failure != null || nanoTime() + next - started > KEPT);
    }

    private void fetchIf(BooleanSupplier needed) {
        fetching.lock();
        try {
            if (needed.getAsBoolean()) {
                pause(started + BETWEEN_FETCHES - nanoTime());
                started = nanoTime();
                keys = fetch();
                fetched = Instant.now().truncatedTo(ChronoUnit.SECONDS);
                failure = null;
                calls.succeeded();
            }
        } catch (Exception | Error failed) {
            failure = calls.failed(failed);
        } finally {
            fetching.unlock();
        }
    }

    /** The metadata is fetched each time, since an issuer may move its key set. */
    private URI discover() throws Exception {
        Issuer expected = new Issuer(issuer.address());
        OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(calls.send(
                HttpRequest.newBuilder(OIDCProviderMetadata.resolveURL(expected).toURI())));
        if (!metadata.getIssuer().equals(expected)) {
            throw new IOException("the metadata is that of another issuer, " + metadata.getIssuer());
        }
        return metadata.getJWKSetURI();
    }
}
