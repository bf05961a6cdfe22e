package org.ccmessaging.filestream.settings;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * @param probeInterval interval of storage probes. A failed fetch of an issuer's key set is repeated after the same
 *     interval, at the latest after 5 min
 */
@ConfigurationProperties(prefix = "filestream.health", ignoreUnknownFields = false)
public record HealthSettings(@NotNull @Between(min = "100ms", max = "10m") Duration probeInterval) {
}
