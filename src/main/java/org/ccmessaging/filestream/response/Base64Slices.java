package org.ccmessaging.filestream.response;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Base64;

/**
 * Encodes by {@link Base64} in slices of 3 KiB, in a JVM that has vector code for it (decision 0006).
 *
 * <p>The JVM uses that code only after its second compiler has compiled the calling method, which takes some 8,000
 * calls on Java 17 and 25. Until then it encodes at a tenth of the speed. With complete chunks it compiles after some
 * 400 MB of files, with slices after 24 MB.
 */
final class Base64Slices implements Base64Encoder {

    /**
     * {@code true} if the JVM has vector code: on x86 with AVX-512 on Java 17, with AVX2 on Java 25. Delete it with
     * Java 17.
     */
    static final boolean HAS_VECTOR_CODE = hasVectorCode();

    /** A multiple of 3, so that slices encode without padding between them. */
    private static final int SLICE_BYTES = 3 * 1024;

    private static final Base64.Encoder ENCODER = Base64.getEncoder();

    private final byte[] slice = new byte[SLICE_BYTES];
    private final byte[] encodedSlice = new byte[SLICE_BYTES / 3 * 4];

    private static boolean hasVectorCode() {
        try {
            HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return jvm != null && Boolean.parseBoolean(jvm.getVMOption("UseBASE64Intrinsics").getValue());
        } catch (IllegalArgumentException otherJvm) {
            return false;
        }
    }

    @Override
    public int encode(byte[] source, int count, byte[] target, int offset) {
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
