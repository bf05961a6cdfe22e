package org.ccmessaging.filestream.settings;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * What a client may download, and how much of the machine downloads may take.
 *
 * @param fileTypes accepted values of {@code fileType}, compared without regard to case (contract section 2)
 * @param maxFileSize the largest file that the service serves, at least 1 byte (contract section 4.1, code 13)
 * @param bufferLimit the largest file that the service reads and encodes in memory, from 1 byte to 64 MB; it streams a
 *     larger one in constant memory (decision 0006)
 * @param maxInFlight permits for downloads at the same time, from 1 to 10,000; one more gets 503 with Retry-After
 * @param firstByteTimeout longest time that a storage may take for the first chunk of a file, over all attempts and
 *     waits, more than 0 (decision 0027)
 * @param stallTimeout longest time that a storage may take for any later chunk of 48 KiB, over all resumed reads, more
 *     than 0 (decision 0027)
 */
@ConfigurationProperties(prefix = "filestream.download", ignoreUnknownFields = false)
public record DownloadSettings(Set<String> fileTypes, DataSize maxFileSize, DataSize bufferLimit, int maxInFlight,
        Duration firstByteTimeout, Duration stallTimeout) {

    private static final String PREFIX = "filestream.download.";
    private static final DataSize LARGEST_BUFFER = DataSize.ofMegabytes(64);

    /** @throws InvalidSettingException if a value is out of its range */
    public DownloadSettings {
        if (fileTypes == null || fileTypes.isEmpty() || fileTypes.stream().anyMatch(String::isBlank)) {
            throw new InvalidSettingException(PREFIX + "file-types", fileTypes, "a list such as jpg,pdf");
        }
        fileTypes = fileTypes.stream().map(type -> type.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        if (maxFileSize == null || maxFileSize.toBytes() < 1) {
            throw new InvalidSettingException(PREFIX + "max-file-size", maxFileSize, "a size of at least 1B");
        }
        if (bufferLimit == null || bufferLimit.toBytes() < 1 || bufferLimit.compareTo(LARGEST_BUFFER) > 0) {
            throw new InvalidSettingException(PREFIX + "buffer-limit", bufferLimit, "a size from 1B to 64MB");
        }
        SettingChecks.requireRange(PREFIX + "max-in-flight", maxInFlight, 1, 10_000);
        SettingChecks.requirePositive(PREFIX + "first-byte-timeout", firstByteTimeout);
        SettingChecks.requirePositive(PREFIX + "stall-timeout", stallTimeout);
    }
}
