package org.ccmessaging.filestream.observe;

import jakarta.validation.constraints.NotNull;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the log shows the IDs of users and files.
 *
 * @param userIds form of a customer's user ID in the log line of a download
 * @param fileIds form of a file's ID in the log line of a download
 * @param idKey key of the digests, at least 16 characters, the same on all replicas; {@code null} for a random key
 * @param userIdKey former name of {@code idKey}, which stops startup
 */
@ConfigurationProperties(prefix = "filestream.log", ignoreUnknownFields = false)
public record LogSettings(@NotNull Form userIds, @NotNull Form fileIds, Secret idKey, Secret userIdKey) {

    private static final int MIN_KEY_CHARACTERS = 16;

    /** Forms of an ID in the log. */
    public enum Form {
        /** A keyed digest, which is the same in all lines of a user or file. */
        HASHED,
        PLAIN,
        NONE
    }

    /** @throws InvalidSettingException if the key has fewer than 16 characters */
    public LogSettings {
        SettingChecks.refuseIf(SettingChecks.blankToNull(userIdKey) != null, "filestream.log.user-id-key", userIdKey,
                "filestream.log.id-key, which is the new name");
        idKey = SettingChecks.blankToNull(idKey);
        SettingChecks.refuseIf(idKey != null && idKey.reveal().length() < MIN_KEY_CHARACTERS, "filestream.log.id-key",
                idKey, "a secret of at least " + MIN_KEY_CHARACTERS
                        + " characters, or none; `openssl rand -base64 24` makes a good one");
    }
}
