package org.ccmessaging.bench;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The product inside the benchmark's JVM. It is addressed by the names of its steps, which are an interface, and not by
 * its classes, which may change; {@link #keep} is the exception.
 */
final class Product implements AutoCloseable {

    private final ConfigurableApplicationContext application;

    Product() throws Exception {
        SpringApplication product =
                new SpringApplication(Class.forName("org.ccmessaging.filestream.FileStreamApplication"));
        application = product.run("--filestream.storage.standard.type=filesystem",
                "--filestream.storage.standard.root=" + System.getProperty("java.io.tmpdir"));
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

    @Override
    public void close() {
        application.close();
    }
}
