package org.ccmessaging.filestream.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the start does with a {@code FILESTREAM_*} environment variable that is no setting's.
 *
 * @param strictEnvironment whether it stops the start; otherwise the log warns of it
 */
@ConfigurationProperties(prefix = "filestream")
public record EnvironmentSettings(boolean strictEnvironment) {
}
