package org.ccmessaging.filestream.response;

/** Base64 (RFC 4648 section 4, padded, no line breaks), chunk by chunk. Not for two threads at once. */
interface Base64Encoder {

    /** How many characters so many bytes become. */
    static int encodedLength(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /** What encodes fastest in this JVM (measured: bench/results). */
    static Base64Encoder fastest() {
        return Base64Slices.HAS_VECTOR_CODE ? new Base64Slices() : new Base64Pairs();
    }

    /**
     * Encodes the first bytes of an array.
     *
     * @param count how many; a multiple of 3 unless they are the last of a file, since padding follows otherwise
     * @param target takes {@link #encodedLength} characters from the offset on
     * @return how many characters were written
     */
    int encode(byte[] source, int count, byte[] target, int offset);
}
