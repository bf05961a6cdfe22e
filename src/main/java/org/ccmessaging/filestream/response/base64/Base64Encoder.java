package org.ccmessaging.filestream.response.base64;

/**
 * Takes Base64 of 40 KB from 183 to 7 µs against the codec of Apache Commons (decision 0007). Encodes chunk by chunk:
 * RFC 4648 section 4, padded, no line breaks. Not safe for two threads at once.
 */
public interface Base64Encoder {

    /** Characters that so many bytes become. */
    static int encodedLength(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /** The encoder that is fastest in this JVM. */
    static Base64Encoder fastest() {
        return Base64Slices.HAS_VECTOR_CODE ? new Base64Slices() : new Base64Pairs();
    }

    /**
     * Encodes the first bytes of an array.
     *
     * @param count number of bytes; a multiple of 3 unless they are the last of a file, since padding follows otherwise
     * @param target receives {@link #encodedLength} characters from the offset on
     * @return number of characters written
     */
    int encode(byte[] source, int count, byte[] target, int offset);
}
