package org.ccmessaging.filestream.response;

/**
 * Encodes Base64 chunk by chunk: RFC 4648 section 4, padded, without line breaks. It is faster than the codec of Apache
 * Commons (decision 0006). It is not safe for concurrent use.
 */
public interface Base64Encoder {

    static int encodedLength(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /** Makes the encoder that is fastest in this JVM: always {@link Base64Slices} when Java 17 is dropped. */
    static Base64Encoder fastest() {
        return Base64Slices.HAS_VECTOR_CODE ? new Base64Slices() : new Base64Pairs();
    }

    /**
     * @param count number of bytes; a multiple of 3 unless they are the last of a file, because padding follows
     *     otherwise
     * @param target receives {@link #encodedLength} characters from the offset on
     */
    int encode(byte[] source, int count, byte[] target, int offset);
}
