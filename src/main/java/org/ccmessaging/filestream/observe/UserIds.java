package org.ccmessaging.filestream.observe;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.springframework.stereotype.Component;

/**
 * Shows a customer's user ID in the log as {@code filestream.log.user-ids} says. The digest has a key because user IDs
 * are often telephone numbers, and somebody could hash all of those.
 */
@Component
class UserIds {

    private static final int KEY_BYTES = 32;

    /** Bytes of the digest in a line: enough that two users of an installation hardly ever share them. */
    private static final int SHOWN_BYTES = 8;

    private final LogSettings settings;
    private final byte[] key;

    UserIds(LogSettings settings) {
        this.settings = settings;
        this.key = settings.userIdKey() == null ? randomKey()
                : settings.userIdKey().reveal().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] randomKey() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return random;
    }

    /** What the log shows; {@code null} if it shows nothing. */
    String shown(String userId) {
        if (userId == null) {
            return null;
        }
        return switch (settings.userIds()) {
            case PLAIN -> userId;
            case NONE -> null;
            case HASHED -> digest(userId);
        };
    }

    private String digest(String userId) {
        byte[] digest = HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256, key)
                .doFinal(userId.getBytes(StandardCharsets.UTF_8));
        return Hex.encodeHexString(Arrays.copyOf(digest, SHOWN_BYTES));
    }
}
