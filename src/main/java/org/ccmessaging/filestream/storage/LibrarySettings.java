package org.ccmessaging.filestream.storage;

import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The multimedia library.
 *
 * @param catalogue where the library looks up the object key of an ID; in this version {@code none} alone
 */
@ConfigurationProperties(prefix = "filestream.library", ignoreUnknownFields = false)
public record LibrarySettings(Catalogue catalogue) {

    /** The kinds of catalogue. */
    public enum Catalogue {
        /** No catalogue: an object's key is its ID (contract section 3). */
        NONE
    }

    /** @throws InvalidSettingException if no kind is named */
    public LibrarySettings {
        if (catalogue == null) {
            throw new InvalidSettingException("filestream.library.catalogue", null, "none");
        }
    }
}
