package org.ccmessaging.filestream.storage;

import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The multimedia library.
 *
 * @param catalogue where an ID's object key is looked up; {@code none}: objects are stored under their ID
 */
@ConfigurationProperties(prefix = "filestream.library", ignoreUnknownFields = false)
public record LibrarySettings(Catalogue catalogue) {

    /** The kinds of catalogue there are. */
    public enum Catalogue {
        /** Objects are stored under their ID. */
        NONE
    }

    /** @throws InvalidSettingException where no kind is named */
    public LibrarySettings {
        if (catalogue == null) {
            throw new InvalidSettingException("filestream.library.catalogue", null, "none");
        }
    }
}
