package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage", texts = "is down")
class StorageHealthTest {

    /** No service of another test has this name in its lines of the log, which are in the same JVM. */
    private static final String NAME = "probe-of-this-test";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private StorageHealth health;

    /** The storage is up when the work of its probe has ended. */
    private void start(Runnable work) {
        StorageProbe probe = mock();
        when(probe.names()).thenReturn(List.of(NAME));
        when(probe.probe(NAME)).then(call -> {
            work.run();
            return null;
        });
        health = new StorageHealth(List.of(probe), ShippedSettings.of("filestream.health", HealthSettings.class,
                Map.of("filestream.health.probe-interval", "100ms")), meters, Duration.ofSeconds(1));
        health.start();
    }

    private void awaitUp(double up) {
        await().untilAsserted(() -> assertThat(meters.get("filestream.storage.up").gauge().value()).isEqualTo(up));
    }

    @AfterEach
    void stop() {
        health.stop();
    }

    /** As for a folder of a server that is down. */
    @Test
    void probeThatWaitsIsLate() {
        try (LoggedLines lines = new LoggedLines(StorageHealth.class.getName())) {
            start(() -> catchThrowable(new CountDownLatch(1)::await));
            awaitUp(0);
            // The gauge changes before the line is written.
            await().untilAsserted(() ->
                    assertThat(lines.texts()).filteredOn(text -> text.contains(NAME)).hasSize(1));
        }
    }

    @Test
    void probeThatFailsWithAnErrorIsFollowedByAnother() {
        AtomicBoolean failed = new AtomicBoolean();
        start(() -> {
            if (!failed.getAndSet(true)) {
                throw new NoClassDefFoundError("as with a library that is not complete");
            }
        });

        awaitUp(1);
    }
}
