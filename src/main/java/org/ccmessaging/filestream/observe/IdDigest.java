package org.ccmessaging.filestream.observe;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.security.crypto.keygen.KeyGenerators;

/** Hashes IDs for the log, with a key: many user IDs are telephone numbers, and an attacker could hash all numbers. */
public final class IdDigest {

    private static final int RANDOM_KEY_BYTES = 32;

    /** Number of logged bytes of a digest, enough to distinguish the IDs of an installation. */
    private static final int SHOWN_BYTES = 8;

    private final Mac mac;

    /** @param key {@code null} for a random key */
    public IdDigest(Secret key) {
        mac = HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256,
                key == null ? KeyGenerators.secureRandom(RANDOM_KEY_BYTES).generateKey()
                        : key.reveal().getBytes(StandardCharsets.UTF_8));
    }

    public synchronized String of(String id) {
        return HexFormat.of().formatHex(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)), 0, SHOWN_BYTES);
    }
}
