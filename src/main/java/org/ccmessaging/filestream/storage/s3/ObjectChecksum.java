package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.checksums.SdkChecksum;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;

/**
 * Compares the checksum that the store has of a complete object with the bytes that arrived, over any number of
 * connections. It compares nothing if the store sends no checksum, a checksum of parts ({@code COMPOSITE}), or
 * CRC-64/NVME, for which the SDK needs a native library (decision 0006).
 *
 * @param computed {@code null} if there is nothing to compare
 */
record ObjectChecksum(SdkChecksum computed, String expected) {

    /** Fastest first. */
    private static final List<ChecksumAlgorithm> ALGORITHMS = List.of(DefaultChecksumAlgorithm.CRC32C,
            DefaultChecksumAlgorithm.CRC32, DefaultChecksumAlgorithm.SHA1, DefaultChecksumAlgorithm.SHA256);

    /** @param complete the response to a request for the complete object */
    static ObjectChecksum of(ObjectResponse complete) {
        for (ChecksumAlgorithm algorithm : ALGORITHMS) {
            String sum = complete.header("x-amz-checksum-" + algorithm.algorithmId());
            // A checksum of the checksums of parts ends in a hyphen and their number.
            if (sum != null && sum.indexOf('-') < 0) {
                return new ObjectChecksum(SdkChecksum.forAlgorithm(algorithm), sum);
            }
        }
        return new ObjectChecksum(null, null);
    }

    void update(byte[] buffer, int from, int count) {
        if (computed != null) {
            computed.update(buffer, from, count);
        }
    }

    /** @throws IOException if other bytes arrived than the store has */
    void compare() throws IOException {
        if (computed != null) {
            String got = Base64.getEncoder().encodeToString(computed.getChecksumBytes());
            if (!got.equals(expected)) {
                throw new IOException("the store's checksum is " + expected + ", that of the bytes it sent " + got);
            }
        }
    }
}
