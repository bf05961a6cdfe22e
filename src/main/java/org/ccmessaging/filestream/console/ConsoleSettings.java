package org.ccmessaging.filestream.console;

import org.ccmessaging.filestream.settings.Secret;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may log in to the web console on the management port. There is no default user.
 *
 * @param username reserved: this version has no console and says so in the log when a user is configured
 * @param password reserved, as above
 */
@ConfigurationProperties(prefix = "filestream.console", ignoreUnknownFields = false)
public record ConsoleSettings(String username, Secret password) {

    /** Says in the log what became of the settings. */
    public ConsoleSettings {
        if (username != null || password != null) {
            LoggerFactory.getLogger(ConsoleSettings.class)
                    .warn("filestream.console.* is set, but this version has no console: it stays off");
        }
    }
}
