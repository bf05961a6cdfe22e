package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract section 4.2, 503: more requests in flight than allowed, and draining before shutdown. */
class OverloadContractTest {

    private static final String BUSY = "{\"errorCode\":\"503\",\"exceptionInfo\":"
            + "\"The service is busy. Send the request again after the seconds in Retry-After.\"}";

    private Stage stage;
    private boolean closed;

    @BeforeEach
    void startWithTwoPlaces() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-in-flight", 2,
                "filestream.download.max-file-size", "100MB"));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "huge.bin", Stage.content(32 * 1024 * 1024));
    }

    @AfterEach
    void stop() {
        if (!closed) {
            stage.close();
        }
    }

    private Answer small() {
        return stage.api().download(request("standard", "hello.txt"));
    }

    private static void assertBusy(Answer answer) {
        assertThat(answer.text()).isEqualTo(BUSY);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("resultCode")).isEqualTo("503");
    }

    private Socket[] takeBothPlaces() throws Exception {
        Socket[] readers = {stage.api().slowReader(request("standard", "huge.bin")),
            stage.api().slowReader(request("standard", "huge.bin"))};
        await().until(() -> stage.service().management().get("/actuator/prometheus").text()
                .contains("filestream_downloads_in_flight 2.0"));
        return readers;
    }

    @Test
    void oneMoreThanTheLimitGets503AndAPlaceThatIsGivenBackIsUsedAgain() throws Exception {
        Socket[] readers = takeBothPlaces();

        assertBusy(small());

        readers[0].close();
        Answer answer = await().until(this::small, next -> next.status() == 200);
        assertThat(answer.file()).isEqualTo(Stage.content(100));
        readers[1].close();
    }

    @Test
    void withoutCredentialsTheAnswerIs401EvenThen() throws Exception {
        Socket[] readers = takeBothPlaces();

        assertThat(stage.api().download(request("standard", "hello.txt"), headers()).status()).isEqualTo(401);
        readers[0].close();
        readers[1].close();
    }

    @Test
    void onShutdownWhatIsInFlightEndsWholeAndWhatArrivesGets503() throws Exception {
        Api api = stage.api();
        try (Socket reader = api.slowReader(request("standard", "huge.bin"))) {
            await().until(() -> stage.service().management().get("/actuator/prometheus").text()
                    .contains("filestream_downloads_in_flight 1.0"));
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> stage.close());
            closed = true;

            await().untilAsserted(() -> assertBusy(small()));
            assertThat(stopping).isNotDone();

            String answer = new String(reader.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            api.checkDownload(answer);
            assertThat(answer.substring(answer.length() - 60)).contains("\",\"resultCode\":\"0\"}");
            assertThat(answer.length()).isGreaterThan(32 * 1024 * 1024 / 3 * 4);
            stopping.join();
        }
    }
}
