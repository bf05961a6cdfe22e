package org.ccmessaging.bench;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultExchange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Both tokens of a request, the same ones again and again: the product's step, and what a decoder alone takes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenCheck {

    private Product running;
    private Processor authenticate;
    private NimbusJwtDecoder decoder;

    @Setup
    public void start() throws Exception {
        running = new Product();
        authenticate = running.step("authenticate");
        byte[] key = System.getenv("FILESTREAM_AUTH_SIGNING_KEY").getBytes(StandardCharsets.UTF_8);
        decoder = NimbusJwtDecoder.withSecretKey(new SecretKeySpec(key, "HmacSHA256"))
                .macAlgorithm(MacAlgorithm.HS256).build();
    }

    @TearDown
    public void stop() {
        running.close();
    }

    @Benchmark
    public Exchange product() throws Exception {
        Exchange exchange = new DefaultExchange(running.camel());
        Product.keep(exchange, new byte[0]);
        authenticate.process(exchange);
        return exchange;
    }

    @Benchmark
    public Jwt decoderForEachToken() {
        decoder.decode(System.getenv("BENCH_ACCESS_TOKEN"));
        return decoder.decode(System.getenv("BENCH_SESSION_TOKEN"));
    }
}
