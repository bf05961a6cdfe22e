package org.ccmessaging.bench;

import java.io.InputStream;
import java.util.Base64;
import java.util.Random;

/**
 * What the objects hold: one random block over and over, cut at the object's size. Its length is a multiple of 3, so the
 * Base64 of an object is the block's Base64 over and over, and a client can compare every byte at the price of a memory
 * comparison instead of decoding and hashing on the cores that are measured.
 */
final class Content {

    private static final int BLOCK_BYTES = (1 << 20) - 1;
    private static final byte[] BLOCK = block();
    private static final byte[] BLOCK_BASE64 = Base64.getEncoder().encode(BLOCK);

    private Content() {
    }

    private static byte[] block() {
        byte[] block = new byte[BLOCK_BYTES];
        new Random(1).nextBytes(block);
        return block;
    }

    /** Base64 that repeats until an object's last, incomplete group of three bytes. */
    static byte[] repeatingBase64() {
        return BLOCK_BASE64;
    }

    /** The Base64 of the last, incomplete group of three bytes of an object; empty where all groups are complete. */
    static byte[] lastGroupBase64(long size) {
        int rest = (int) (size % 3);
        int start = (int) ((size - rest) % BLOCK_BYTES);
        byte[] group = new byte[rest];
        for (int i = 0; i < rest; i++) {
            group[i] = BLOCK[(start + i) % BLOCK_BYTES];
        }
        return Base64.getEncoder().encode(group);
    }

    /** An object of this size. */
    static InputStream ofSize(long size) {
        return new InputStream() {
            private long position;

            @Override
            public int read() {
                return position == size ? -1 : BLOCK[(int) (position++ % BLOCK_BYTES)] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (position == size) {
                    return -1;
                }
                int start = (int) (position % BLOCK_BYTES);
                int count = (int) Math.min(Math.min(length, BLOCK_BYTES - start), size - position);
                System.arraycopy(BLOCK, start, target, offset, count);
                position += count;
                return count;
            }
        };
    }
}
