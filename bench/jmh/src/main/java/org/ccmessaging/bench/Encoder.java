package org.ccmessaging.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.codec.binary.Base64OutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Base64 alone: chunks by java.util.Base64, as the product encodes large files, and by commons-codec, as Camel does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Encoder {

    private static final int CHUNK_BYTES = 48 * 1024;

    @Param({"40960", "2097152"})
    private int size;

    private byte[] content;

    @Setup
    public void fill() {
        content = new byte[size];
        new Random(1).nextBytes(content);
    }

    @Benchmark
    public void javaUtilOnChunks() throws IOException {
        OutputStream out = OutputStream.nullOutputStream();
        byte[] encoded = new byte[CHUNK_BYTES / 3 * 4];
        for (int from = 0; from < size; from += CHUNK_BYTES) {
            byte[] chunk = Arrays.copyOfRange(content, from, Math.min(size, from + CHUNK_BYTES));
            out.write(encoded, 0, Base64.getEncoder().encode(chunk, encoded));
        }
    }

    @Benchmark
    public void commonsCodecStream() throws IOException {
        try (OutputStream out = new Base64OutputStream(OutputStream.nullOutputStream(), true, 0, null)) {
            for (int from = 0; from < size; from += CHUNK_BYTES) {
                out.write(content, from, Math.min(size - from, CHUNK_BYTES));
            }
        }
    }
}
