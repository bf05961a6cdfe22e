package org.ccmessaging.filestream.admission;

import java.time.Duration;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of a shutdown.
 *
 * @param delay time for which a service that shuts down still accepts downloads, with readiness down; from 0 s to
 *     10 min
 */
@ConfigurationProperties(prefix = "filestream.shutdown")
public record ShutdownSettings(Duration delay) {

    /** @throws InvalidSettingException if a value is out of its range */
    public ShutdownSettings {
        SettingChecks.requireDuration("filestream.shutdown.delay", delay, "0s", "10m");
    }
}
