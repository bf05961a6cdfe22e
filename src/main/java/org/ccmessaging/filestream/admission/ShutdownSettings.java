package org.ccmessaging.filestream.admission;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of a shutdown.
 *
 * @param delay how long the service still accepts downloads while readiness is down; from 0 s to 10 min
 */
@ConfigurationProperties(prefix = "filestream.shutdown", ignoreUnknownFields = false)
public record ShutdownSettings(@NotNull @DurationMin @DurationMax(minutes = 10) Duration delay) {
}
