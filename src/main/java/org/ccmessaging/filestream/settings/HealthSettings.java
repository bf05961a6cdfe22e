package org.ccmessaging.filestream.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the service looks after what it depends on.
 *
 * @param probeInterval time between two probes of a storage, and between two attempts to fetch an issuer's key set at
 *     the start; from 100 ms to 10 min
 */
@ConfigurationProperties(prefix = "filestream.health", ignoreUnknownFields = false)
public record HealthSettings(Duration probeInterval) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** @throws InvalidSettingException if a value is out of its range */
    public HealthSettings {
        if (probeInterval == null || probeInterval.compareTo(SHORTEST) < 0 || probeInterval.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException("filestream.health.probe-interval", probeInterval,
                    "a duration from 100ms to 10m");
        }
    }
}
