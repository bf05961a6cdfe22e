package org.ccmessaging.filestream.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
 * <p>The cache keeps at most {@value #MOST} keys, each for {@code filestream.routes.remember-keys}.
 */
@RouteStep(description = "Keeps variable objectKey for further requests of the tenant for the same file, for"
        + " filestream.routes.remember-keys.",
        needs = {"customer", "branch", "objectKey"})
public class RememberKey implements Processor {

    /** About 10 MB with keys of maximum length. */
    private static final int MOST = 10_000;

    private final Cache<CacheKey, String> keys;

    private record CacheKey(int generation, String tenantId, String branch, DownloadRequest request) {

        static CacheKey of(Exchange exchange) {
            return new CacheKey(GenerationNumber.of(exchange.getContext()),
                    Identity.require(exchange).customer().tenantId(),
                    exchange.getVariable(Variables.BRANCH, String.class),
                    exchange.getVariable(Variables.REQUEST, DownloadRequest.class));
        }
    }

    RememberKey(RoutesSettings settings) {
        this.keys = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(settings.rememberKeys()).build();
    }

    @Override
    public void process(Exchange exchange) {
        String key = exchange.getVariable(Variables.OBJECT_KEY, String.class);
        if (key != null) {
            keys.put(CacheKey.of(exchange), key);
        }
    }

    String recall(Exchange exchange) {
        return keys.getIfPresent(CacheKey.of(exchange));
    }
}
