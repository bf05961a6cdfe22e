package org.ccmessaging.filestream.toolkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/** A hash (HMAC-SHA256) with a random key, so that no client can choose or compute the hash of a text. */
public final class KeyedHash {

    private static final int KEY_BYTES = 32;

    private final byte[] key = new byte[KEY_BYTES];

    /** @param random a secure generator where the texts come from clients */
    public KeyedHash(RandomGenerator random) {
        random.nextBytes(key);
    }

    /** Returns the first 64 bits of the hash. */
    public long of(String text) {
        return ByteBuffer.wrap(HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256, key)
                .doFinal(text.getBytes(StandardCharsets.UTF_8))).getLong();
    }
}
