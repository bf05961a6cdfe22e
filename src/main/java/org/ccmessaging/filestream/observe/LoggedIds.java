package org.ccmessaging.filestream.observe;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.springframework.stereotype.Component;

/**
 * Shows IDs of customers and files in the log as {@code filestream.log.user-ids} and {@code .file-ids} say. The digest
 * has a key because user IDs are often telephone numbers, and somebody could hash all of those.
 */
@Component
class LoggedIds {

    private static final int KEY_BYTES = 32;

    /** Bytes of the digest in a line: enough that two IDs of an installation hardly ever share them. */
    private static final int SHOWN_BYTES = 8;

    /** Most characters of a plain ID in a line: no object has a longer key. A client may send 64 KiB. */
    private static final int LONGEST = 1024;

    private final LogSettings settings;
    private final byte[] key;

    LoggedIds(LogSettings settings) {
        this.settings = settings;
        this.key = settings.userIdKey() == null ? randomKey()
                : settings.userIdKey().reveal().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] randomKey() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return random;
    }

    /** What the log shows of a user ID; {@code null} if it shows nothing. */
    String ofUser(String userId) {
        return shown(settings.userIds(), userId);
    }

    /** What the log shows of a file ID; {@code null} if it shows nothing. */
    String ofFile(String fileId) {
        return shown(settings.fileIds(), fileId);
    }

    private String shown(LogSettings.Form form, String id) {
        if (id == null) {
            return null;
        }
        return switch (form) {
            case PLAIN -> id.length() <= LONGEST ? id : id.substring(0, LONGEST) + "...";
            case NONE -> null;
            case HASHED -> digest(id);
        };
    }

    private String digest(String id) {
        byte[] digest = HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256, key)
                .doFinal(id.getBytes(StandardCharsets.UTF_8));
        return Hex.encodeHexString(Arrays.copyOf(digest, SHOWN_BYTES));
    }
}
