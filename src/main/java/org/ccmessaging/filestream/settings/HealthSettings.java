package org.ccmessaging.filestream.settings;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * @param probeInterval interval of storage probes. A failed fetch of an issuer's key set is repeated after the same
 *     interval, at the latest after 5 min
 */
@ConfigurationProperties(prefix = "filestream.health", ignoreUnknownFields = false)
public record HealthSettings(@NotNull @DurationMin(millis = 100) @DurationMax(minutes = 10) Duration probeInterval) {
}
