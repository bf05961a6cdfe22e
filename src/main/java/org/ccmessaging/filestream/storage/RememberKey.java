package org.ccmessaging.filestream.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
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

/**
 * Step {@code remember-key}: caches the object key that a lookup found, so that {@link RecallKey} has it for further
 * requests of the tenant for the same file. Each generation of the routes has its own keys.
 *
 * <p>The cache keeps at most {@value #MOST} keys, each for {@code filestream.routes.remember-keys}. Keys of the
 * library's catalogue stay for {@code filestream.library.cache}. It keeps an empty key for an ID that the catalogue
 * does not know, for at most 5 s.
 */
@RouteStep(description = "Keeps variable objectKey for further requests of the tenant for the same file, for"
        + " filestream.routes.remember-keys, or filestream.library.cache if the library has a catalogue.",
        needs = {"customer", "branch", "objectKey"})
public class RememberKey implements Processor {

    /** About 10 MB with keys of maximum length. */
    private static final int MOST = 10_000;

    /** So that a new row is soon seen. */
    private static final Duration UNKNOWN = Duration.ofSeconds(5);

    private final Cache<CacheKey, String> keys;
    private final boolean catalogue;

    private record CacheKey(int generation, String tenantId, String branch, DownloadRequest request) {

        static CacheKey of(Exchange exchange) {
            return new CacheKey(GenerationNumber.of(exchange.getContext()),
                    Identity.require(exchange).customer().tenantId(),
                    exchange.getVariable(Variables.BRANCH, String.class),
                    exchange.getVariable(Variables.REQUEST, DownloadRequest.class));
        }
    }

    RememberKey(RoutesSettings routes, LibrarySettings library) {
        this.catalogue = library.catalogue() != LibrarySettings.Catalogue.NONE;
        this.keys = Caffeine.newBuilder().maximumSize(MOST).expireAfter(Expiry.<CacheKey, String>writing((key, value) ->
                !isOfCatalogue(key) ? routes.rememberKeys()
                        : value.isEmpty() && library.cache().compareTo(UNKNOWN) > 0 ? UNKNOWN : library.cache()))
                .build();
    }

    private boolean isOfCatalogue(CacheKey key) {
        return catalogue && key.branch().equals("multimedia-library");
    }

    @Override
    public void process(Exchange exchange) {
        CacheKey file = CacheKey.of(exchange);
        String key = exchange.getVariable(Variables.OBJECT_KEY, String.class);
        if (key != null || isOfCatalogue(file)) {
            keys.put(file, Objects.requireNonNullElse(key, ""));
        }
    }

    String recall(Exchange exchange) {
        return keys.getIfPresent(CacheKey.of(exchange));
    }
}
