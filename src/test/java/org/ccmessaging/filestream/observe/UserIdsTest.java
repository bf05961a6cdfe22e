package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.ccmessaging.filestream.settings.Secret;
import org.junit.jupiter.api.Test;

/** A user ID in the log says who it is only where the installation wants that. */
class UserIdsTest {

    private static UserIds userIds(LogSettings.UserIds form, String key) {
        return new UserIds(new LogSettings(form, key == null ? null : new Secret(key)));
    }

    /** The value is what docs/logs-and-traces.md's line with openssl prints. */
    @Test
    void hashedUserIdIsTheKeyedDigestThatOpensslMakes() {
        assertThat(userIds(LogSettings.UserIds.HASHED, "a key of some length").shown("alice"))
                .isEqualTo("dabad14b8de1fd29");
    }

    @Test
    void sameUserHasTheSameDigestAndAnotherUserHasAnother() {
        UserIds userIds = userIds(LogSettings.UserIds.HASHED, null);

        assertThat(userIds.shown("alice")).isEqualTo(userIds.shown("alice")).isNotEqualTo(userIds.shown("bob"))
                .matches("[0-9a-f]{16}");
    }

    @Test
    void withoutAKeyEachProcessHasItsOwn() {
        assertThat(userIds(LogSettings.UserIds.HASHED, null).shown("alice"))
                .isNotEqualTo(userIds(LogSettings.UserIds.HASHED, null).shown("alice"));
    }

    @Test
    void plainUserIdIsAsItIsAndNoneIsNotShown() {
        assertThat(userIds(LogSettings.UserIds.PLAIN, null).shown("alice")).isEqualTo("alice");
        assertThat(userIds(LogSettings.UserIds.NONE, null).shown("alice")).isNull();
        assertThat(userIds(LogSettings.UserIds.HASHED, null).shown(null)).isNull();
    }
}
