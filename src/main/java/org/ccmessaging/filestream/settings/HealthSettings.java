package org.ccmessaging.filestream.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The interval of the checks of storages and key sets.
 *
 * @param probeInterval time between two probes of a storage, and between two attempts to fetch an issuer's key set
 *     that could not be fetched; from 100 ms to 10 min
 */
@ConfigurationProperties(prefix = "filestream.health")
public record HealthSettings(Duration probeInterval) {

    public HealthSettings {
        SettingChecks.requireDuration("filestream.health.probe-interval", probeInterval, "100ms", "10m");
    }
}
