package org.ccmessaging.filestream.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TAIL;

import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code filestream.shutdown.delay}: a service that shuts down accepts downloads during the delay. */
@Tag("service")
class ShutdownDelayTest {

    private static final int HUGE = 32 * 1024 * 1024;

    @Test
    void downloadsSucceedWhileReadinessIsDownThenGet503AndThenThePortCloses() throws Exception {
        Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.shutdown.delay", "1m",
                "filestream.download.max-file-size", "100MB"));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "huge.bin", Stage.content(HUGE));
        URI api = stage.api().base();
        Thread stopping = new Thread(stage::close);
        stopping.start();
        try {
            await().until(() -> stage.service().management().get("/actuator/health/readiness").status() == 503);
            assertThat(stage.service().management().get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));

            try (Socket reader = stage.api().slowReader(request("standard", "huge.bin"))) {
                stage.awaitInFlight(1);
                // Ends the minute, which is only there so that this test is no race.
                stopping.interrupt();

                Answer refused = await().until(() -> stage.api().download(request("standard", "hello.txt")),
                        answer -> answer.status() == 503);
                assertThat(refused.text()).isEqualTo(BUSY);
                assertThat(refused.header("Retry-After")).isEqualTo("1");
                assertThat(stopping.isAlive()).isTrue();

                String response = new String(reader.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                stage.api().checkDownload(response);
                assertThat(response.length()).isGreaterThan(HUGE / 3 * 4);
                assertThat(response.substring(response.length() - 60)).contains(FILE_TAIL);
            }
        } finally {
            stopping.join();
        }

        assertThatThrownBy(() -> new Socket(api.getHost(), api.getPort()).close())
                .isInstanceOf(ConnectException.class);
    }
}
