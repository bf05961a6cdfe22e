package org.ccmessaging.filestream.storage.s3;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.checksums.SdkChecksum;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;

/**
 * Compares the bytes of an object with the store's checksum of the whole object. Ignores CRC-64/NVME, which takes too
 * much CPU without a native library (decision 0001).
 *
 * @param computed {@code null} if the store sent no supported checksum
 */
record ObjectChecksum(SdkChecksum computed, String expected) {

    /** The supported algorithms, the fastest first. */
    private static final List<ChecksumAlgorithm> ALGORITHMS = List.of(DefaultChecksumAlgorithm.CRC32C,
            DefaultChecksumAlgorithm.CRC32, DefaultChecksumAlgorithm.SHA1, DefaultChecksumAlgorithm.SHA256);

    /** @param header returns the value of a response header, or {@code null} */
    static ObjectChecksum of(UnaryOperator<String> header) {
        for (ChecksumAlgorithm algorithm : ALGORITHMS) {
            String sum = header.apply("x-amz-checksum-" + algorithm.algorithmId());
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
