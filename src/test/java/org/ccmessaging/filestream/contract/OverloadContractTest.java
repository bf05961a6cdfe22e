package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;

import java.net.Socket;
import java.util.Map;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Contract section 4.2, 503: more requests in flight than allowed. {@code ShutdownDelayTest} has a shutdown. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverloadContractTest {

    private static final int HUGE = 32 * 1024 * 1024;

    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-in-flight", 2,
                "filestream.download.max-file-size", "100MB"));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "huge.bin", Stage.content(HUGE));
    }

    @AfterEach
    void everyPermitIsReleased() {
        stage.awaitInFlight(0);
    }

    private static Answer small(Stage stage) {
        return stage.api().download(request("standard", "hello.txt"));
    }

    private static void assertBusy(Answer answer) {
        assertThat(answer.text()).isEqualTo(BUSY);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("resultCode")).isEqualTo("503");
    }

    @Test
    void oneMoreThanTheLimitGets503UnlessItIsNoRequestAndAReleasedPermitIsUsedAgain() throws Exception {
        Socket reader = stage.api().slowReader(request("standard", "huge.bin"));
        try (Socket another = stage.api().slowReader(request("standard", "huge.bin"))) {
            stage.awaitInFlight(2);
            assertBusy(small(stage));
            assertThat(stage.api().download(request("standard", "hello.txt"), headers()).status()).isEqualTo(401);
            assertThat(stage.api().download("").status()).isEqualTo(400);
            assertThat(stage.api().download(" ".repeat(70_000)).status()).isEqualTo(400);
            // A permit comes before the JSON is parsed.
            assertBusy(stage.api().download("not json"));

            reader.close();
            assertThat(another.isClosed()).isFalse();
            Answer answer = await().until(() -> small(stage), next -> next.status() == 200);
            assertThat(answer.file()).isEqualTo(Stage.content(100));
        }
    }
}
