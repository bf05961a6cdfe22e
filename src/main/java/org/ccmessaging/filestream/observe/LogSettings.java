package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the log may say about persons.
 *
 * @param userIds how the line of a download shows a customer's user ID
 * @param userIdKey the key of the digest, at least 16 characters; with the same key on all replicas a user has one
 *     digest on all of them. Without a key, each process makes its own
 */
@ConfigurationProperties(prefix = "filestream.log", ignoreUnknownFields = false)
public record LogSettings(UserIds userIds, Secret userIdKey) {

    private static final int SHORTEST_KEY = 16;

    /** Forms of a user ID in the log. */
    public enum UserIds {
        /** A keyed digest: all lines of a user have the same one, and none says who it is. */
        HASHED,
        /** As it is in the session token. */
        PLAIN,
        /** Not at all. */
        NONE
    }

    /** @throws InvalidSettingException if the form is not set, or the key has fewer than 16 characters */
    public LogSettings {
        if (userIds == null) {
            throw new InvalidSettingException("filestream.log.user-ids", null, "one of hashed, plain, none");
        }
        userIdKey = SettingChecks.blankToNull(userIdKey);
        if (userIdKey != null && userIdKey.reveal().length() < SHORTEST_KEY) {
            throw new InvalidSettingException("filestream.log.user-id-key", userIdKey, "a secret of at least "
                    + SHORTEST_KEY + " characters, or none; `openssl rand -base64 24` makes a good one");
        }
    }
}
