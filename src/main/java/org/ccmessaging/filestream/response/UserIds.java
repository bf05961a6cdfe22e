package org.ccmessaging.filestream.response;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.ccmessaging.filestream.settings.LogSettings;
import org.springframework.stereotype.Component;

/**
 * A customer's user ID as the log may show it ({@code filestream.log.user-ids}). The digest has a key because user IDs
 * are often telephone numbers, and all of those can be tried.
 */
@Component
class UserIds {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    /** Enough that two users of one installation hardly ever share a digest, and short in a line. */
    private static final int SHOWN_BYTES = 8;

    private final LogSettings settings;
    private final SecretKeySpec key;

    UserIds(LogSettings settings) {
        this.settings = settings;
        this.key = new SecretKeySpec(settings.userIdKey() == null ? randomKey()
                : settings.userIdKey().reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    private static byte[] randomKey() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return random;
    }

    /** What the log shows; {@code null} where it shows nothing. */
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
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(
                    Arrays.copyOf(mac.doFinal(userId.getBytes(StandardCharsets.UTF_8)), SHOWN_BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
