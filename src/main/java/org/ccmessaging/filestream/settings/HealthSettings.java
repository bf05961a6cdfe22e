package org.ccmessaging.filestream.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The interval of the checks of storages and key sets.
 *
 * @param probeInterval time between two probes of a storage, and between two attempts to fetch an issuer's key set
 *     that could not be fetched; from 100 ms to 10 min
 */
@ConfigurationProperties(prefix = "filestream.health", ignoreUnknownFields = false)
public record HealthSettings(Duration probeInterval) {

    public HealthSettings {
        SettingChecks.requireBetween("filestream.health.probe-interval", probeInterval, Duration.ofMillis(100),
                Duration.ofMinutes(10), "a duration from 100ms to 10m");
    }
}
