package org.ccmessaging.filestream.response;

import java.util.Arrays;
import java.util.Base64;

/**
 * Encodes Base64 chunk by chunk: RFC 4648 section 4, padded, without line breaks. Not thread-safe.
 *
 * <p>The JVM uses vector code after some 8,000 calls of {@link Base64}. With slices of 3 KiB, these calls encode 24 MB
 * of files. With complete chunks of 48 KiB, the calls would encode 400 MB.
 */
final class Base64Encoder {

    /** A multiple of 3, so that only the last slice can have padding. */
    private static final int SLICE_BYTES = 3 * 1024;

    private static final Base64.Encoder ENCODER = Base64.getEncoder();

    private final byte[] slice = new byte[SLICE_BYTES];
    private final byte[] encodedSlice = new byte[encodedLength(SLICE_BYTES)];

    static int encodedLength(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /**
     * @param count number of bytes; a multiple of 3 except at the end of a file, where padding is allowed
     * @return number of characters in {@code target}
     */
    int encode(byte[] source, int count, byte[] target) {
        int at = 0;
        int from = 0;
        for (; count - from >= SLICE_BYTES; from += SLICE_BYTES) {
            System.arraycopy(source, from, slice, 0, SLICE_BYTES);
            at += copy(ENCODER.encode(slice, encodedSlice), target, at);
        }
        return from == count ? at
                : at + copy(ENCODER.encode(Arrays.copyOfRange(source, from, count), encodedSlice), target, at);
    }

    static byte[] encoded(byte[] file) {
        byte[] base64 = new byte[encodedLength(file.length)];
        new Base64Encoder().encode(file, file.length, base64);
        return base64;
    }

    /** Returns whether {@code base64} is the complete {@code file} as Base64. */
    boolean isEncoded(byte[] file, byte[] base64) {
        if (base64.length != encodedLength(file.length)) {
            return false;
        }
        for (int from = 0, at = 0; from < file.length; from += SLICE_BYTES, at += encodedSlice.length) {
            int count = Math.min(SLICE_BYTES, file.length - from);
            System.arraycopy(file, from, slice, 0, count);
            int length = ENCODER.encode(count == SLICE_BYTES ? slice : Arrays.copyOf(slice, count), encodedSlice);
            if (!Arrays.equals(encodedSlice, 0, length, base64, at, at + length)) {
                return false;
            }
        }
        return true;
    }

    private int copy(int length, byte[] target, int at) {
        System.arraycopy(encodedSlice, 0, target, at, length);
        return length;
    }
}
