package org.ccmessaging.filestream.settings;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** @param probeInterval interval of storage probes, and (at most 5 min) of key set fetches after a failure */
@ConfigurationProperties(prefix = "filestream.health", ignoreUnknownFields = false)
public record HealthSettings(@NotNull @DurationMin(millis = 100) @DurationMax(minutes = 10) Duration probeInterval) {
}
