package org.ccmessaging.filestream.settings;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the multimedia library.
 *
 * @param catalogue where the service looks up the object key for a file ID
 * @param migrate whether the service creates and updates the catalogue's table
 * @param cache how long the service caches the result of a lookup; 0 s for no cache
 */
@ConfigurationProperties(prefix = "filestream.library", ignoreUnknownFields = false)
public record LibrarySettings(@NotNull CatalogueType catalogue, boolean migrate,
        @NotNull @Between(min = "0s", max = "1d") Duration cache) {

    /** Kinds of catalogue. */
    public enum CatalogueType {
        /** No catalogue: the file ID is the object key (contract section 3). */
        NONE,
        /** A table of the database {@code spring.datasource}. */
        SQL
    }
}
