package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the log may say about persons.
 *
 * @param userIds how a customer's user ID appears in the line of a download
 * @param userIdKey what user IDs are hashed with, at least 16 characters; the same on all replicas, so that their lines
 *     can be put together. Without one, each process makes its own
 */
@ConfigurationProperties(prefix = "filestream.log", ignoreUnknownFields = false)
public record LogSettings(UserIds userIds, Secret userIdKey) {

    private static final int SHORTEST_KEY = 16;

    /** Forms of a user ID in the log. */
    public enum UserIds {
        /** A keyed digest: lines of one user can be put together, and do not say who it is. */
        HASHED,
        /** As it is in the session token. */
        PLAIN,
        /** Not at all. */
        NONE
    }

    /** @throws InvalidSettingException where the form is not said, or the key is too short to keep anything */
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
