package org.ccmessaging.filestream.settings;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of downloads.
 *
 * @param fileTypes accepted values of {@code fileType}, in upper or lower case (contract section 2)
 * @param fileTypeAliases other names of accepted file types, such as {@code jpeg} for {@code jpg}
 * @param maxFileSize maximum size of a file (contract section 4.1, code 13)
 * @param bufferLimit maximum size of a file that is encoded in memory (decision 0006)
 * @param maxInFlight maximum concurrent downloads, 1 to 10,000; further downloads get 503
 * @param maxInFlightPerSession maximum concurrent downloads of a session, 1 to 10,000; further downloads get 429
 * @param maxInFlightPerTenant maximum concurrent downloads of a tenant, 1 to 10,000; if {@code null}, only the
 *     fair sharing of decision 0016 limits a tenant
 * @param maxEndedInFlight maximum concurrent calls of route {@code direct:download-ended}, 1 to 1,000
 * @param firstByteTimeout maximum time for the first chunk of a remote file, or to open a file in a folder
 * @param stallTimeout maximum time for each later chunk (48 KiB) of a remote file (decision 0013)
 * @param fileUrl the kind of link to the file in a success response (contract section 9)
 * @param fileUrlLifetime how long a link is valid; 7 days are the maximum of Signature Version 4
 * @param fileUrlOnlyAbove file size above which a response with a link omits the file; {@code null} to send every file
 */
@ConfigurationProperties(prefix = "filestream.download", ignoreUnknownFields = false)
public record DownloadSettings(
        Set<String> fileTypes,
        @DefaultValue Map<String, String> fileTypeAliases,
        @NotNull @Between(min = "1B", max = "1TB") DataSize maxFileSize,
        @NotNull @Between(min = "1B", max = "64MB") DataSize bufferLimit,
        @Min(1) @Max(MOST_PERMITS) int maxInFlight,
        @Min(1) @Max(MOST_PERMITS) int maxInFlightPerSession,
        @Min(1) @Max(MOST_PERMITS) Integer maxInFlightPerTenant,
        @Min(1) @Max(1_000) int maxEndedInFlight,
        @NotNull @Between(min = "1ms", max = "1h") Duration firstByteTimeout,
        @NotNull @Between(min = "1ms", max = "1h") Duration stallTimeout,
        @NotNull FileUrl fileUrl,
        @NotNull @Between(min = "1s", max = "7d") Duration fileUrlLifetime,
        @Between(min = "0B", max = "1TB") DataSize fileUrlOnlyAbove) {

    private static final String PREFIX = "filestream.download.";
    private static final int MOST_PERMITS = 10_000;

    /** Kinds of link to the file. */
    public enum FileUrl {
        OFF,
        /** A presigned URL, only in branches of type {@code s3}. */
        PRESIGNED
    }

    /** @throws InvalidSettingException if file types are missing or wrong, or values contradict each other */
    public DownloadSettings {
        SettingChecks.refuseIf(
                fileTypes == null || fileTypes.isEmpty() || fileTypes.stream().anyMatch(String::isBlank),
                PREFIX + "file-types", fileTypes, "a list such as jpg,pdf");
        fileTypes = fileTypes.stream().map(type -> type.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        fileTypeAliases = aliases(fileTypeAliases, fileTypes);
        SettingChecks.refuseIf(fileUrlOnlyAbove != null && fileUrl == FileUrl.OFF, PREFIX + "file-url", "off",
                "presigned, since file-url-only-above is set");
    }

    private static Map<String, String> aliases(Map<String, String> written, Set<String> fileTypes) {
        Map<String, String> aliases = new HashMap<>();
        written.forEach((alias, type) -> {
            SettingChecks.refuseIf(!fileTypes.contains(type.toLowerCase(Locale.ROOT)),
                    PREFIX + "file-type-aliases." + alias, type, "one of filestream.download.file-types");
            aliases.put(alias.toLowerCase(Locale.ROOT), type.toLowerCase(Locale.ROOT));
        });
        return Map.copyOf(aliases);
    }
}
