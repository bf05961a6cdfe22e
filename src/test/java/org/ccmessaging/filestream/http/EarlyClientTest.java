package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.RoutePolicySupport;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/** Requests that arrive while the service starts wait for its routes. */
@Tag("service")
class EarlyClientTest {

    /** Sends a request as soon as the API port is open, from another thread, since this one starts the routes. */
    static class EarlyClient {

        private final CompletableFuture<Answer> response = new CompletableFuture<>();

        @EventListener
        void portIsOpen(ServletWebServerInitializedEvent event) {
            if (event.getApplicationContext().getServerNamespace() == null) {
                Api api = Api.described(URI.create("http://localhost:" + event.getWebServer().getPort()));
                response.completeAsync(() -> api.download(request("standard", "hello.txt")),
                        task -> new Thread(task).start());
            }
        }
    }

    /** Its route starts when the early client has its response. */
    static class SlowRoutes extends RouteBuilder {

        @Autowired
        private EarlyClient early;

        @Override
        public void configure() {
            from("direct:slow").routePolicy(new RoutePolicySupport() {
                @Override
                public void onStart(Route route) {
                    early.response.join();
                }
            }).log("never called");
        }
    }

    @Test
    void downloadDuringStartupGetsItsFileOrWhenToRetry(@TempDir Path root) throws Exception {
        Files.write(Files.createDirectories(root.resolve("demo")).resolve("hello.txt"), Stage.content(100));
        try (Service service = Service.start(Stage.onFolder(root), EarlyClient.class)) {
            Answer early = service.bean(EarlyClient.class).response.get(1, TimeUnit.MINUTES);

            if (early.status() == 503) {
                assertThat(early.header("Retry-After")).isEqualTo("1");
                assertThat(early.text()).isEqualTo(BUSY);
            } else {
                assertThat(early.file()).isEqualTo(Stage.content(100));
            }
            assertThat(service.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
        }
    }

    @Test
    void downloadWhileRoutesStartSlowlyGetsWhenToRetry(@TempDir Path root) throws Exception {
        try (Service service = Service.start(Stage.onFolder(root), EarlyClient.class, SlowRoutes.class)) {
            Answer early = service.bean(EarlyClient.class).response.get(1, TimeUnit.MINUTES);

            assertThat(early.status()).isEqualTo(503);
            assertThat(early.header("Retry-After")).isEqualTo("1");
            assertThat(early.text()).isEqualTo(BUSY);
            assertThat(early.header("X-Request-Id")).isNotEmpty();
        }
    }
}
