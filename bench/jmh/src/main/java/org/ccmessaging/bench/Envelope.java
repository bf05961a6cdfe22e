package org.ccmessaging.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From a request to the last byte of its answer, written nowhere: the whole route with the token check, the file from
 * the page cache, and the envelope. And the envelope alone, as the idiomatic step makes it: Jackson on a map.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Envelope {

    @Param({"40960", "2097152"})
    private int size;

    private Product running;
    private byte[] request;
    private String base64;
    private final ObjectMapper mapper = new ObjectMapper();

    @Setup
    public void start() throws Exception {
        running = new Product();
        request = Product.request(size);
        base64 = "A".repeat((size + 2) / 3 * 4);
    }

    @TearDown
    public void stop() {
        running.close();
    }

    @Benchmark
    public void productRoute() throws Exception {
        running.download(request);
    }

    @Benchmark
    public void jacksonOnAMap() throws Exception {
        var answer = new java.util.LinkedHashMap<String, String>();
        answer.put("fileStream", base64);
        answer.put("resultCode", "0");
        mapper.writeValue(OutputStream.nullOutputStream(), answer);
    }
}
