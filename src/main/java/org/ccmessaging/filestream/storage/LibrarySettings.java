package org.ccmessaging.filestream.storage;

import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The multimedia library.
 *
 * @param catalogue where the library looks up the object key of an ID; this version has only {@code none}
 */
@ConfigurationProperties(prefix = "filestream.library", ignoreUnknownFields = false)
public record LibrarySettings(Catalogue catalogue) {

    /** Kinds of catalogue. */
    public enum Catalogue {
        /** No catalogue: an object's key is its ID (contract section 3). */
        NONE
    }

    /** @throws InvalidSettingException if the setting is missing */
    public LibrarySettings {
        SettingChecks.refuseIf(catalogue == null, "filestream.library.catalogue", null, "none");
    }
}
