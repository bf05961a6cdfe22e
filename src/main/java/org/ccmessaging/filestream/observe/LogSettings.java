package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The forms in which the log shows IDs of persons and their files.
 *
 * @param userIds how the line of a download shows a customer's user ID
 * @param userIdKey the key of the digests, at least 16 characters; with the same key on all replicas a user or a file
 *     has one digest on all of them. Without a key, each process makes its own
 * @param fileIds how the line of a download shows the file's ID
 */
@ConfigurationProperties(prefix = "filestream.log", ignoreUnknownFields = false)
public record LogSettings(Form userIds, Secret userIdKey, Form fileIds) {

    private static final int SHORTEST_KEY = 16;

    /** Forms of an ID in the log. */
    public enum Form {
        /** A keyed digest: all lines of a user or a file have the same one, and none says which it is. */
        HASHED,
        /** As the client sent it. */
        PLAIN,
        /** Not at all. */
        NONE
    }

    /** @throws InvalidSettingException if the form is not set, or the key has fewer than 16 characters */
    public LogSettings {
        requireForm("filestream.log.user-ids", userIds);
        requireForm("filestream.log.file-ids", fileIds);
        userIdKey = SettingChecks.blankToNull(userIdKey);
        SettingChecks.refuseIf(userIdKey != null && userIdKey.reveal().length() < SHORTEST_KEY,
                "filestream.log.user-id-key", userIdKey, "a secret of at least " + SHORTEST_KEY
                        + " characters, or none; `openssl rand -base64 24` makes a good one");
    }

    private static void requireForm(String key, Form form) {
        SettingChecks.refuseIf(form == null, key, null, "one of hashed, plain, none");
    }
}
