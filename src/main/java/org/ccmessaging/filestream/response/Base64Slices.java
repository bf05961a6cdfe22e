package org.ccmessaging.filestream.response;

import java.util.Arrays;
import java.util.Base64;

/**
 * Encodes Base64 (RFC 4648 section 4, padded, no line breaks) in slices of a few kilobytes.
 *
 * <p>The JVM's vector code for Base64 is used only where the calling method was compiled by its last compiler, which
 * takes some 8,000 calls on Java 17 and 25. Until then it encodes at a tenth of the speed (bench/results). Handed whole
 * chunks, a service gets there after some 400 MB; handed slices, after 24 MB.
 *
 * <p>Not for two threads at once.
 */
final class Base64Slices {

    /** A multiple of 3, so that slices encode without padding between them. */
    private static final int SLICE_BYTES = 3 * 1024;

    private static final Base64.Encoder ENCODER = Base64.getEncoder();

    private final byte[] slice = new byte[SLICE_BYTES];
    private final byte[] encodedSlice = new byte[SLICE_BYTES / 3 * 4];

    /** How many characters so many bytes become. */
    static int encodedLength(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /**
     * Encodes the first bytes of an array.
     *
     * @param count how many; a multiple of 3 unless they are the last of a file, since padding follows otherwise
     * @param target takes {@link #encodedLength} characters from the offset on
     * @return how many characters were written
     */
    int encode(byte[] source, int count, byte[] target, int offset) {
        int at = offset;
        int from = 0;
        for (; count - from >= SLICE_BYTES; from += SLICE_BYTES) {
            System.arraycopy(source, from, slice, 0, SLICE_BYTES);
            ENCODER.encode(slice, encodedSlice);
            System.arraycopy(encodedSlice, 0, target, at, encodedSlice.length);
            at += encodedSlice.length;
        }
        if (from < count) {
            int length = ENCODER.encode(Arrays.copyOfRange(source, from, count), encodedSlice);
            System.arraycopy(encodedSlice, 0, target, at, length);
            at += length;
        }
        return at - offset;
    }
}
