package org.ccmessaging.filestream.settings;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The multimedia library.
 *
 * @param catalogue where the library looks up the object key of an ID
 * @param migrate whether the service creates the catalogue's table and changes it with new versions
 * @param cache how long the service keeps a lookup, at most 1 day; 0 s for not at all
 */
@ConfigurationProperties(prefix = "filestream.library", ignoreUnknownFields = false)
public record LibrarySettings(@NotNull CatalogueType catalogue, boolean migrate,
        @NotNull @DurationMin @DurationMax(days = 1) Duration cache) {

    /** Kinds of catalogue. */
    public enum CatalogueType {
        /** No catalogue: an object's key is its ID (contract section 3). */
        NONE,
        /** A table of the database {@code spring.datasource}. */
        SQL
    }
}
