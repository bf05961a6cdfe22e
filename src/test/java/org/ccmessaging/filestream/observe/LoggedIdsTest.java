package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.ccmessaging.filestream.settings.Secret;
import org.junit.jupiter.api.Test;

/** The log shows an ID of a user or a file only in the form that the installation sets. */
class LoggedIdsTest {

    private static DownloadLog ids(LogSettings.Form users, LogSettings.Form files, String key) {
        return new DownloadLog(new LogSettings(users, key == null ? null : new Secret(key), files));
    }

    private static DownloadLog userIds(LogSettings.Form form, String key) {
        return ids(form, LogSettings.Form.NONE, key);
    }

    /** The values are what docs/logs-and-metrics.md's lines with openssl print. */
    @Test
    void hashedIdsAreTheKeyedDigestsThatOpensslMakes() {
        DownloadLog ids = ids(LogSettings.Form.HASHED, LogSettings.Form.HASHED, "a key of some length");

        assertThat(ids.ofUser("alice")).isEqualTo("dabad14b8de1fd29");
        assertThat(ids.ofFile("local/a b.txt")).isEqualTo("b229b5ed05fd516a");
    }

    @Test
    void withoutAKeyEachProcessHasItsOwnDigestOfEachUser() {
        DownloadLog userIds = userIds(LogSettings.Form.HASHED, null);

        assertThat(userIds.ofUser("alice")).isEqualTo(userIds.ofUser("alice")).isNotEqualTo(userIds.ofUser("bob"))
                .matches("[0-9a-f]{16}")
                .isNotEqualTo(userIds(LogSettings.Form.HASHED, null).ofUser("alice"));
    }

    @Test
    void fileIdAndUserIdHaveEachTheirForm() {
        DownloadLog ids = ids(LogSettings.Form.NONE, LogSettings.Form.PLAIN, null);

        assertThat(ids.ofFile("local/a.txt")).isEqualTo("local/a.txt");
        assertThat(ids.ofUser("alice")).isNull();
        assertThat(ids.ofFile(null)).isNull();
    }

    @Test
    void plainFileIdOfAnyLengthTakesABoundedPartOfALine() {
        assertThat(ids(LogSettings.Form.NONE, LogSettings.Form.PLAIN, null).ofFile("x".repeat(60_000))).hasSize(1027);
    }

    @Test
    void plainUserIdIsAsItIsAndNoneIsNotShown() {
        assertThat(userIds(LogSettings.Form.PLAIN, null).ofUser("alice")).isEqualTo("alice");
        assertThat(userIds(LogSettings.Form.NONE, null).ofUser("alice")).isNull();
        assertThat(userIds(LogSettings.Form.HASHED, null).ofUser(null)).isNull();
    }
}
