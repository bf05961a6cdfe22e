package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/** Requests that arrive while the service starts. */
@Tag("service")
class EarlyClientTest {

    /** Sends requests as soon as the API port is open. The routes have started then, but nobody gets a permit yet. */
    static class EarlyClient {

        private final BlockingQueue<String> preflights = new LinkedBlockingQueue<>();
        private final BlockingQueue<Answer> responses = new LinkedBlockingQueue<>();
        private final Serving routes;

        EarlyClient(Serving routes) {
            this.routes = routes;
        }

        @EventListener
        void portIsOpen(ServletWebServerInitializedEvent event) {
            assertThat(routes.current().camel().isStarted()).isTrue();
            if (event.getApplicationContext().getServerNamespace() == null) {
                Api api = Api.described(URI.create("http://localhost:" + event.getWebServer().getPort()));
                responses.add(api.download(request("standard", "hello.txt")));
                preflights.add(api.raw("OPTIONS " + DOWNLOAD + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Origin: https://chat.example.com\r\nAccess-Control-Request-Method: POST\r\n\r\n"));
            }
        }
    }

    @Test
    void downloadDuringStartupGets503AndWhenToRetry(@TempDir Path root) {
        Map<String, Object> settings = Stage.onFolder(root);
        settings.put("filestream.cors.allowed-origins", "https://chat.example.com");
        try (Service service = Service.start(settings, EarlyClient.class)) {
            Answer early = service.bean(EarlyClient.class).responses.remove();

            assertThat(early.status()).isEqualTo(503);
            assertThat(early.header("Retry-After")).isEqualTo("1");
            assertThat(early.header("Content-Type")).isEqualTo("application/json");
            assertThat(early.text()).isEqualTo(BUSY);
            // So that the browser sends the request, and lets its page read the 503.
            assertThat(service.bean(EarlyClient.class).preflights.remove()).startsWith("HTTP/1.1 204 ")
                    .contains("\r\nAccess-Control-Allow-Origin: https://chat.example.com\r\n");
            // The same request is fine now. There is no such file, which the body says.
            assertThat(service.api().download(request("standard", "hello.txt")).status()).isEqualTo(200);
        }
    }
}
