package org.ccmessaging.filestream.library;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.settings.LibrarySettings;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.event.EventListener;

/**
 * Step {@code remember-key}: caches the object key of a lookup for {@link RecallKey}. A key stays cached for
 * {@code filestream.library.cache}. A missing key is cached as an empty text.
 */
@RouteStep(needs = "customer")
public class RememberKey implements Processor {

    /** Maximum size of the cache, in characters of cache keys and object keys. */
    private static final int MOST_CHARACTERS = 10_000_000;

    /** Maximum lifetime of a missing key in the cache, so that a new row of the catalogue soon takes effect. */
    private static final Duration UNKNOWN = Duration.ofSeconds(5);

    private final Cache<CacheKey, String> keys;

    private record CacheKey(String tenantId, String branch, DownloadRequest request) {

        static CacheKey of(Exchange exchange) {
            return new CacheKey(Identity.require(exchange).customer().tenantId(),
                    exchange.getVariable(Variables.BRANCH, String.class),
                    exchange.getVariable(Variables.REQUEST, DownloadRequest.class));
        }
    }

    @Autowired
    RememberKey(LibrarySettings settings) {
        this(settings.cache(), Ticker.systemTicker());
    }

    RememberKey(Duration lifetime, Ticker clock) {
        Duration ofUnknown = lifetime.compareTo(UNKNOWN) < 0 ? lifetime : UNKNOWN;
        this.keys = Caffeine.newBuilder().ticker(clock).maximumWeight(MOST_CHARACTERS)
                .weigher((CacheKey file, String key) -> file.toString().length() + key.length())
                .expireAfter(Expiry.<CacheKey, String>writing((file, key) -> key.isBlank() ? ofUnknown : lifetime))
                .build();
    }

    @Override
    public void process(Exchange exchange) {
        keys.put(CacheKey.of(exchange),
                Objects.requireNonNullElse(exchange.getVariable(Variables.OBJECT_KEY, String.class), ""));
    }

    String recall(Exchange exchange) {
        return keys.getIfPresent(CacheKey.of(exchange));
    }

    /** Empties the cache, because new routes may find other keys. */
    @EventListener
    void forget(RoutesChanged changed) {
        keys.invalidateAll();
    }
}
