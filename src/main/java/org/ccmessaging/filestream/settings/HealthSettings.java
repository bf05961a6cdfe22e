package org.ccmessaging.filestream.settings;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Interval at which the service probes storages and fetches missing key sets.
 *
 * @param probeInterval time between two probes of a storage, from 100 ms to 10 min. After a failed fetch of a key set,
 *     the service also waits for this time, but at most 5 min, before the next fetch
 */
@ConfigurationProperties(prefix = "filestream.health", ignoreUnknownFields = false)
public record HealthSettings(@NotNull @DurationMin(millis = 100) @DurationMax(minutes = 10) Duration probeInterval) {
}
