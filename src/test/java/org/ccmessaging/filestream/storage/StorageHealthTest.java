package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Test;

class StorageHealthTest {

    /** Its first probe fails as with a library that is not complete. */
    private static final class FirstProbeFails implements StorageProbe {

        private boolean failed;

        @Override
        public Collection<String> names() {
            return List.of("standard");
        }

        @Override
        public Down probe(String name) {
            if (!failed) {
                failed = true;
                throw new NoClassDefFoundError("not/There");
            }
            return null;
        }
    }

    @Test
    void probeThatFailsWithAnErrorIsFollowedByAnother() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        HealthSettings often = ShippedSettings.of("filestream.health", HealthSettings.class,
                Map.of("filestream.health.probe-interval", "100ms"));
        StorageHealth health = new StorageHealth(List.of(new FirstProbeFails()), often, meters);
        health.start();
        try {
            await().untilAsserted(() ->
                    assertThat(meters.get("filestream.storage.up").gauge().value()).isEqualTo(1));
        } finally {
            health.stop();
        }
    }
}
