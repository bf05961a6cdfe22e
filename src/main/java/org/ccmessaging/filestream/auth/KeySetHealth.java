package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Health contributor {@code keys}: down until there are keys that verify tokens. A signing key is there from the start;
 * an issuer's key set has to be fetched once, and until then every download would end with 500. Readiness includes it.
 *
 * <p>It stays up when the issuer fails later. Tokens that have been verified still hold, all replicas are in the same
 * state, and alert {@code FilestreamKeySetUnavailable} says so (decision 0021).
 */
@Component("keysHealthIndicator")
final class KeySetHealth implements HealthIndicator, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(KeySetHealth.class);

    private final HealthSettings health;
    private final CountedKeySet keys;
    private volatile Health last;
    private volatile Thread fetching;

    KeySetHealth(HealthSettings health, TokenKeys keys) {
        this.health = health;
        this.keys = keys.keySet();
        this.last = this.keys == null ? Health.up().build() : down("not fetched yet");
    }

    private static Health down(String reason) {
        return Health.down().withDetail("reason", "filestream.auth.jwk-set-uri: " + reason).build();
    }

    @Override
    public Health health() {
        return last;
    }

    @Override
    public void start() {
        fetching = new Thread(this::fetchOnce, "key-set");
        fetching.setDaemon(true);
        if (keys != null) {
            fetching.start();
        }
    }

    /** Tries until it has succeeded. It does not use the cache of the verifiers, whose fetches are limited. */
    private void fetchOnce() {
        try {
            last = fetch();
            while (last.getStatus().equals(Status.DOWN)) {
                Thread.sleep(health.probeInterval().toMillis());
                last = fetch();
            }
        } catch (InterruptedException stopped) {
            LOG.debug("The service stops before it has got the key set");
        }
    }

    private Health fetch() {
        try {
            keys.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), System.currentTimeMillis(), null);
            return Health.up().build();
        } catch (KeySourceException failure) {
            return down(failure.getMessage());
        }
    }

    @Override
    public void stop() {
        fetching.interrupt();
        fetching = null;
    }

    @Override
    public boolean isRunning() {
        return fetching != null;
    }
}
