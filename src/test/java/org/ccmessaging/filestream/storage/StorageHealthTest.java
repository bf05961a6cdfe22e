package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Test;

@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage", texts = "is down")
class StorageHealthTest {

    /** A name that no service of another test has, whose lines of the log are in the same JVM. */
    private static final String TIMED = "probe-of-this-test";

    /** A storage that is up when the work of its probe has ended. */
    private record Probe(String name, Runnable work) implements StorageProbe {

        @Override
        public Collection<String> names() {
            return List.of(name);
        }

        @Override
        public Down probe(String named) {
            work.run();
            return null;
        }
    }

    /** As for a folder of a server that is down. */
    private static void waitUntilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void probeThatWaitsIsLate() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        StorageHealth health = new StorageHealth(List.of(new Probe(TIMED, StorageHealthTest::waitUntilInterrupted)),
                ShippedSettings.of("filestream.health", HealthSettings.class, Map.of()), meters, Duration.ofSeconds(1));
        try (LoggedLines lines = new LoggedLines(StorageHealth.class.getName())) {
            health.start();
            await().untilAsserted(() ->
                    assertThat(meters.get("filestream.storage.up").gauge().value()).isZero());
            assertThat(lines.texts()).filteredOn(text -> text.contains(TIMED)).hasSize(1);
        } finally {
            health.stop();
        }
    }

    @Test
    void probeThatFailsWithAnErrorIsFollowedByAnother() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        HealthSettings often = ShippedSettings.of("filestream.health", HealthSettings.class,
                Map.of("filestream.health.probe-interval", "100ms"));
        AtomicBoolean failed = new AtomicBoolean();
        StorageHealth health = new StorageHealth(List.of(new Probe("standard", () -> {
            if (!failed.getAndSet(true)) {
                throw new NoClassDefFoundError("as with a library that is not complete");
            }
        })), often, meters);
        health.start();
        try {
            await().untilAsserted(() ->
                    assertThat(meters.get("filestream.storage.up").gauge().value()).isEqualTo(1));
        } finally {
            health.stop();
        }
    }
}
