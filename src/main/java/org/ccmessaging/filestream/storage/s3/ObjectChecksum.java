package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.checksums.SdkChecksum;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;

/**
 * Compares the bytes of an object with the store's checksum. Ignores CRC-64/NVME, because the SDK needs a native
 * library for this algorithm.
 *
 * @param computed {@code null} if the store sent no supported checksum
 */
record ObjectChecksum(SdkChecksum computed, String expected) {

    /** The supported algorithms, the fastest first. */
    private static final List<ChecksumAlgorithm> ALGORITHMS = List.of(DefaultChecksumAlgorithm.CRC32C,
            DefaultChecksumAlgorithm.CRC32, DefaultChecksumAlgorithm.SHA1, DefaultChecksumAlgorithm.SHA256);

    static ObjectChecksum of(ObjectResponse complete) {
        for (ChecksumAlgorithm algorithm : ALGORITHMS) {
            String sum = complete.header("x-amz-checksum-" + algorithm.algorithmId());
            // Ignores a multipart upload's checksum that ends in a hyphen and the number of parts.
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

    void compare() throws IOException {
        if (computed != null) {
            String got = Base64.getEncoder().encodeToString(computed.getChecksumBytes());
            if (!got.equals(expected)) {
                throw new IOException("the store's checksum is " + expected + ", that of the bytes it sent " + got);
            }
        }
    }
}
