package org.ccmessaging.filestream.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The multimedia library.
 *
 * @param catalogue where the library looks up the object key of an ID
 * @param migrate whether the service creates the catalogue's table and changes it with new versions
 * @param cache how long the service keeps a lookup; 0 s for not at all
 */
@ConfigurationProperties(prefix = "filestream.library")
public record LibrarySettings(Catalogue catalogue, boolean migrate, Duration cache) {

    /** Kinds of catalogue. */
    public enum Catalogue {
        /** No catalogue: an object's key is its ID (contract section 3). */
        NONE,
        /** A table of the database {@code spring.datasource}. */
        SQL
    }

    /** @throws InvalidSettingException if a setting is missing or out of its range */
    public LibrarySettings {
        SettingChecks.refuseIf(catalogue == null, "filestream.library.catalogue", null, "none or sql");
        SettingChecks.requireDuration("filestream.library.cache", cache, "0s", "1d");
    }
}
