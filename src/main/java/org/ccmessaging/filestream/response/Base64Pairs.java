package org.ccmessaging.filestream.response;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Encodes two characters at a time, in a JVM without vector code for Base64 (decision 0006). It reads six bytes as one
 * number and writes their eight characters as one. Delete it with Java 17, which lacks that code on processors without
 * AVX-512.
 */
final class Base64Pairs implements Base64Encoder {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int TWELVE_BITS = 0xFFF;

    /** The two characters of each 12 bits, the first in the higher byte: 8 KB, which fit into a core's first cache. */
    private static final char[] PAIRS = pairs();

    private static char[] pairs() {
        byte[] characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                .getBytes(StandardCharsets.US_ASCII);
        char[] pairs = new char[TWELVE_BITS + 1];
        for (int bits = 0; bits < pairs.length; bits++) {
            pairs[bits] = (char) (characters[bits >> 6] << 8 | characters[bits & 0x3F]);
        }
        return pairs;
    }

    @Override
    public int encode(byte[] source, int count, byte[] target, int offset) {
        int from = 0;
        int to = offset;
        for (; from <= count - Long.BYTES; from += 6, to += Long.BYTES) {
            long bytes = (long) LONG.get(source, from);
            LONG.set(target, to, (long) PAIRS[(int) (bytes >>> 52)] << 48
                    | (long) PAIRS[(int) (bytes >>> 40) & TWELVE_BITS] << 32
                    | (long) PAIRS[(int) (bytes >>> 28) & TWELVE_BITS] << 16
                    | PAIRS[(int) (bytes >>> 16) & TWELVE_BITS]);
        }
        byte[] rest = Base64.getEncoder().encode(Arrays.copyOfRange(source, from, count));
        System.arraycopy(rest, 0, target, to, rest.length);
        return to + rest.length - offset;
    }
}
