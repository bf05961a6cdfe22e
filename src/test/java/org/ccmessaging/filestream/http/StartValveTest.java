package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/** What a client gets if it calls while the service starts. */
class StartValveTest {

    /** Calls as soon as the API port is open, which is before the routes are there. */
    static class EarlyClient {

        private final BlockingQueue<Answer> responses = new LinkedBlockingQueue<>();

        @EventListener
        void portIsOpen(ServletWebServerInitializedEvent event) {
            if (event.getApplicationContext().getServerNamespace() == null) {
                responses.add(Api.described(URI.create("http://localhost:" + event.getWebServer().getPort()))
                        .download(request("standard", "hello.txt")));
            }
        }
    }

    @Test
    void requestBeforeTheRoutesAreThereGets503AndWhenToRetry(@TempDir Path root) {
        Map<String, Object> settings = Map.of(
                "filestream.storage.local.type", "filesystem", "filestream.storage.local.root", root.toString(),
                "filestream.storage.multimedia-library.type", "filesystem",
                "filestream.storage.multimedia-library.root", root.toString(),
                "filestream.storage.standard.type", "filesystem",
                "filestream.storage.standard.root", root.toString());
        try (Service service = Service.start(settings, EarlyClient.class)) {
            Answer early = service.bean(EarlyClient.class).responses.remove();

            assertThat(early.status()).isEqualTo(503);
            assertThat(early.header("Retry-After")).isEqualTo("1");
            assertThat(early.header("Content-Type")).isEqualTo("application/json");
            assertThat(early.text()).isEqualTo(BUSY);
            // The same request is fine now. There is no such file, which the body says.
            assertThat(service.api().download(request("standard", "hello.txt")).status()).isEqualTo(200);
        }
    }
}
