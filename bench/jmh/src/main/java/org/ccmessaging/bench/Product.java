package org.ccmessaging.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The product inside the benchmark's JVM, with its files in a folder. It is addressed by the names of its routes and
 * steps, which are an interface, and not by its classes, which may change; {@link #keep} is the exception.
 */
final class Product implements AutoCloseable {

    private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

    private final ConfigurableApplicationContext application;

    Product() throws Exception {
        Path root = Path.of(System.getenv("BENCH_WORK"));
        for (int size : new int[] {40_960, 2_097_152}) {
            byte[] content = new byte[size];
            new Random(1).nextBytes(content);
            Files.write(Files.createDirectories(root.resolve("demo")).resolve("file-" + size), content);
        }
        SpringApplication product =
                new SpringApplication(Class.forName("org.ccmessaging.filestream.FileStreamApplication"));
        application = product.run("--filestream.storage.standard.type=filesystem",
                "--filestream.storage.standard.root=" + root);
    }

    CamelContext camel() {
        return application.getBean(CamelContext.class);
    }

    Processor step(String name) {
        return application.getBean(name, Processor.class);
    }

    /** What the HTTP edge does with the credentials and the body of a request. */
    static void keep(Exchange exchange, byte[] body) throws ReflectiveOperationException {
        Class.forName("org.ccmessaging.filestream.auth.ClientRequest")
                .getMethod("keep", Exchange.class, Map.class, InputStream.class)
                .invoke(null, exchange, Map.of("ccmessaging-token", System.getenv("BENCH_SESSION_TOKEN"),
                        "x-app-key", System.getenv("BENCH_APP_KEY"),
                        "Authorization", "Bearer " + System.getenv("BENCH_ACCESS_TOKEN")),
                        new ByteArrayInputStream(body));
    }

    static byte[] request(int size) throws IOException {
        return new ObjectMapper().writeValueAsBytes(
                Map.of("fileId", "file-" + size, "channel", "WEB", "fileType", "zip"));
    }

    /** A request through the whole route, without HTTP: what the HTTP consumer does with it. */
    void download(byte[] request) throws Exception {
        DefaultConsumer consumer = (DefaultConsumer) camel().getRoute("download-file-stream").getConsumer();
        Exchange exchange = consumer.createExchange(false);
        keep(exchange, request);
        consumer.createUoW(exchange);
        try {
            consumer.getProcessor().process(exchange);
            Object body = exchange.getMessage().getBody();
            if (body instanceof byte[] failure) {
                throw new IllegalStateException(new String(failure, StandardCharsets.UTF_8));
            }
            var write = body.getClass().getMethod("writeTo", OutputStream.class);
            write.setAccessible(true);
            Object outcome = write.invoke(body, NOWHERE);
            if (!outcome.toString().startsWith("Outcome[resultCode=0,")) {
                throw new IllegalStateException(outcome.toString());
            }
        } finally {
            consumer.doneUoW(exchange);
            consumer.releaseExchange(exchange, false);
        }
    }

    @Override
    public void close() {
        application.close();
    }
}
