package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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

/** The GETs of a customer, and a client that sends them without a service around it. */
final class ObjectGets {

    static final Requester REQUESTER = new Requester(new Customer("demo", "web", "alice"), "demo-app");
    static final Origin ORIGIN = new Origin(REQUESTER, new ObjectLocation("standard", "demo", "demo/any"));

    private ObjectGets() {
    }

    /** @param settings of {@code filestream.download} */
    static Deadlines deadlines(LongSupplier clock, Map<String, Object> settings) {
        return new Deadlines(ShippedSettings.of("filestream.download", DownloadSettings.class, settings)) {
            @Override
            long nanoTime() {
                return clock.getAsLong();
            }
        };
    }

    /** @param more settings without their {@code filestream.s3.} */
    static S3Store store(URI endpoint, MeterRegistry meters, Map<String, Object> more) {
        return store(endpoint, meters, null, more);
    }

    static S3Store store(URI endpoint, MeterRegistry meters, SslBundles bundles, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("filestream.s3.endpoint", endpoint,
                "filestream.s3.path-style-access", true, "filestream.s3.access-key", "AKIA1",
                "filestream.s3.secret-key", "secret", "filestream.s3.max-attempts", 2,
                "filestream.s3.circuit-open-time", "0s"));
        more.forEach((key, value) -> settings.put("filestream.s3." + key, value));
        return new S3Store(ShippedSettings.of("filestream.s3", S3Settings.class, settings), "standard", bundles,
                deadlines(System::nanoTime, Map.of()), meters, false, HttpClientBuilder::create, null);
    }

    /** Reads a file of tenant demo, whose first byte must come in time. */
    static byte[] read(S3Store store, String name, Duration time) throws IOException {
        try (InputStream in = store.send(RequestObject.complete("standard", "demo/" + name).build(), ORIGIN,
                new Deadline(System.nanoTime() + time.toNanos(), "test")).body()) {
            return in.readAllBytes();
        }
    }
}
