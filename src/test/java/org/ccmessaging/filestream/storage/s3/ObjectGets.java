package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.http.impl.client.HttpClientBuilder;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Requester;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.springframework.boot.ssl.SslBundles;

/** The GETs of customers, and a client that sends them without a service around it. */
final class ObjectGets {

    static final Origin ORIGIN = origin("standard", "demo", "any", "any");

    private ObjectGets() {
    }

    static Origin origin(String branch, String tenant, Object user, Object key) {
        return new Origin(new Requester(new Customer(tenant, "web", "user-" + user), "demo-app"),
                new ObjectLocation(branch, tenant, tenant + "/" + key));
    }

    /** @param settings of {@code filestream.download} */
    static Deadlines deadlines(LongSupplier clock, Map<String, Object> settings) {
        return deadlines(clock, millis -> { },
                ShippedSettings.of("filestream.download", DownloadSettings.class, settings));
    }

    /** @param pauses gets the milliseconds of each pause, which takes no time */
    static Deadlines deadlines(LongSupplier clock, LongConsumer pauses, DownloadSettings settings) {
        return new Deadlines(settings) {
            @Override
            long nanoTime() {
                return clock.getAsLong();
            }

            @Override
            void pause(long millis) {
                pauses.accept(millis);
            }
        };
    }

    /** @param settings without their prefix and its dot */
    static S3Settings settings(String prefix, Map<String, Object> settings) {
        Map<String, Object> named = new HashMap<>();
        settings.forEach((name, value) -> named.put(prefix + "." + name, value));
        return ShippedSettings.of(prefix, S3Settings.class, named);
    }

    /** @param more settings without their {@code filestream.s3.} */
    static S3Store store(URI endpoint, Map<String, Object> more) {
        return store(endpoint, new SimpleMeterRegistry(), null, more);
    }

    static S3Store store(URI endpoint, MeterRegistry meters, SslBundles bundles, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("endpoint", endpoint, "path-style-access", true,
                "access-key", "AKIA1", "secret-key", "secret", "max-attempts", 2, "circuit-open-time", "0s"));
        settings.putAll(more);
        return new S3Store(settings("filestream.s3", settings), "standard", bundles,
                deadlines(System::nanoTime, Map.of()), meters, false, HttpClientBuilder::create, null);
    }

    /** Reads a file of tenant demo. */
    static byte[] read(S3Store store, String name) throws IOException {
        try (InputStream in = store.send(RequestObject.complete("standard", "demo/" + name).build(), ORIGIN,
                new Deadline(System.nanoTime() + Duration.ofMinutes(1).toNanos(), "test")).body()) {
            return in.readAllBytes();
        }
    }
}
