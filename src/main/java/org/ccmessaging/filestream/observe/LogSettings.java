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
 * @param userIdKey key of the digests, at least 16 characters, the same on all replicas; by default, each replica has
 *     a random key
 * @param fileIds form of a file's ID in the log line of a download
 */
@ConfigurationProperties(prefix = "filestream.log", ignoreUnknownFields = false)
public record LogSettings(@NotNull Form userIds, Secret userIdKey, @NotNull Form fileIds) {

    private static final int SHORTEST_KEY = 16;

    /** Forms of an ID in the log. */
    public enum Form {
        /** A keyed digest, which is the same in all lines of a user or file. */
        HASHED,
        PLAIN,
        NONE
    }

    /** @throws InvalidSettingException if the key has fewer than 16 characters */
    public LogSettings {
        userIdKey = SettingChecks.blankToNull(userIdKey);
        SettingChecks.refuseIf(userIdKey != null && userIdKey.reveal().length() < SHORTEST_KEY,
                "filestream.log.user-id-key", userIdKey, "a secret of at least " + SHORTEST_KEY
                        + " characters, or none; `openssl rand -base64 24` makes a good one");
    }
}
