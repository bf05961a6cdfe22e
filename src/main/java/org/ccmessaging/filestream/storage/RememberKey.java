package org.ccmessaging.filestream.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.GenerationNumber;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.convert.DurationStyle;

/**
 * Step {@code remember-key}: caches the object key that a lookup found, so that {@link RecallKey} has it for further
 * requests of the tenant for the same file. Each generation of the routes has its own keys.
 *
 * <p>The cache has at most {@value #MOST_CHARACTERS} characters. It keeps a key of up to {@value #LONGEST_KEY}
 * characters for the time of variable {@code keyLifetime}, or for {@code filestream.routes.remember-keys} if a route
 * does not set it. It keeps that a lookup found no key for at most 5 s, as an empty key.
 */
@RouteStep(description = "Keeps variable objectKey for further requests of the tenant for the same file, for the time"
        + " of variable keyLifetime, or filestream.routes.remember-keys; and for at most 5 s that there is no key.",
        needs = {"customer", "branch", "objectKey"})
public class RememberKey implements Processor {

    /** Exchange property: the key that a lookup gave. */
    private static final String LOOKED_UP = RememberKey.class.getName();

    /** Of the keys, and of the requests that have them. */
    private static final int MOST_CHARACTERS = 10_000_000;

    /** Maximum length of a key of S3. */
    private static final int LONGEST_KEY = 1024;

    private static final Duration LONGEST = Duration.ofDays(1);

    /** So that a new row is soon seen. */
    private static final Duration UNKNOWN = Duration.ofSeconds(5);

    private final Cache<CacheKey, String> keys;
    private final Duration lifetime;

    private record CacheKey(int generation, String tenantId, String branch, DownloadRequest request) {

        static CacheKey of(Exchange exchange) {
            return new CacheKey(GenerationNumber.of(exchange.getContext()),
                    Identity.require(exchange).customer().tenantId(),
                    exchange.getVariable(Variables.BRANCH, String.class),
                    exchange.getVariable(Variables.REQUEST, DownloadRequest.class));
        }
    }

    @Autowired
    RememberKey(RoutesSettings routes) {
        this(routes, Ticker.systemTicker());
    }

    RememberKey(RoutesSettings routes, Ticker clock) {
        this.lifetime = routes.rememberKeys();
        this.keys = Caffeine.newBuilder().ticker(clock).maximumWeight(MOST_CHARACTERS)
                .weigher((CacheKey file, String key) -> file.toString().length() + key.length())
                .expireAfter(Expiry.<CacheKey, String>writing((file, key) -> lifetime)).build();
    }

    /** Returns the key that a lookup gave the exchange, now or remembered; {@code null} for none. */
    public static String lookedUp(Exchange exchange) {
        return exchange.getProperty(LOOKED_UP, String.class);
    }

    /** @throws IllegalArgumentException if variable {@code keyLifetime} is not a duration of at most 1 d */
    @Override
    public void process(Exchange exchange) {
        String key = Objects.requireNonNullElse(exchange.getVariable(Variables.OBJECT_KEY, String.class), "");
        exchange.setProperty(LOOKED_UP, key.isEmpty() ? null : key);
        String its = exchange.getVariable(Variables.KEY_LIFETIME, String.class);
        Duration known = its == null ? lifetime : DurationStyle.detectAndParse(its);
        if (known.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("variable keyLifetime is '" + its + "', more than 1d");
        }
        if (key.length() <= LONGEST_KEY) {
            keys.policy().expireVariably().orElseThrow().put(CacheKey.of(exchange), key,
                    key.isBlank() && known.compareTo(UNKNOWN) > 0 ? UNKNOWN : known);
        }
    }

    String recall(Exchange exchange) {
        String key = keys.getIfPresent(CacheKey.of(exchange));
        exchange.setProperty(LOOKED_UP, "".equals(key) ? null : key);
        return key;
    }
}
