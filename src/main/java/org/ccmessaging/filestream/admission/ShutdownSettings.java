package org.ccmessaging.filestream.admission;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.ccmessaging.filestream.settings.Between;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of a shutdown.
 *
 * @param delay how long the service still accepts downloads while readiness is down
 */
@ConfigurationProperties(prefix = "filestream.shutdown", ignoreUnknownFields = false)
public record ShutdownSettings(@NotNull @Between(min = "0s", max = "10m") Duration delay) {
}
