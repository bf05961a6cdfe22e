package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.ccmessaging.filestream.routes.Example;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** The route that an installation adds to run after each download: the example of docs/examples. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream",
        texts = {"failed after a download", "slower than the downloads", "of a test"})
class DownloadEndedTest {

    private static final String DROPPED = "filestream_download_ended_dropped_total";
    private static final String FAILURES = "filestream_download_ended_failures_total";

    @TempDir
    private static Path folder;

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        Path routes = folder.resolve("routes");
        FileSystemUtils.copyRecursively(Path.of("routes"), routes);
        Files.writeString(routes.resolve("download-ended.camel.yaml"),
                Example.newFile("call-a-webhook-after-each-download")
                        .replaceFirst(" +parameters:\n +httpMethod: POST\n +responseTimeout: 2000\n", "")
                        .replace("      steps:\n", "      steps:\n        - log: {id: log-event, message: a line}\n"));
        Files.writeString(routes.resolve("download-file-stream.camel.yaml"), """
                        - filter:
                            id: if-unwritable
                            expression: {simple: {expression: "${variable.request.fileId} == 'unwritable.bin'"}}
                            steps:
                              - bean:
                                  id: make-unwritable
                                  beanType: org.ccmessaging.filestream.response.Made$Unwritable
                """, StandardOpenOption.APPEND);
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory", routes.toString(),
                "routes.events", "mock:events", "filestream.download.max-file-size", "100MB",
                "filestream.download.max-ended-in-flight", 2));
        stage.put("standard", "unwritable.bin", Stage.content(1_000));
        stage.put("standard", "small.bin", Stage.content(1_000));
        stage.put("standard", "large.bin", Stage.content(3_000_000));
    }

    @BeforeEach
    void nothingHasEnded() {
        await().until(() -> stage.metric("filestream_download_ended_pending") == 0);
        events().reset();
    }

    private static MockEndpoint events() {
        return stage.service().bean(CamelContext.class).getEndpoint("mock:events", MockEndpoint.class);
    }

    /** The only event; there is none more once the next download has had its own. */
    private static Exchange event() {
        await().untilAsserted(() -> assertThat(events().getReceivedCounter()).isEqualTo(1));
        return events().getExchanges().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"small.bin", "large.bin"})
    void routeIsCalledOnceForADownloadAndItsLineHasALoggerBelowFilestreamThatNamesTheRoute(String name) {
        LoggedLines lines = new LoggedLines("filestream.download-ended");
        Api.Answer answer = stage.api().download(Api.request("standard", name));

        Exchange event = event();
        lines.close();
        assertThat(lines.texts()).containsExactly("a line");
        assertThat(event.getMessage().getBody(String.class))
                .isEqualTo("{\"tenant\":\"demo\",\"code\":\"0\",\"bytes\":" + answer.file().length + "}");
        assertThat(event.getVariable("ms", Long.class)).isNotNegative();
        assertThat(event.getVariables()).containsEntry("branch", "standard").containsEntry("channelId", "web-1")
                .containsEntry("requestId", answer.header("X-Request-Id")).doesNotContainKeys("cause", "reason");
    }

    @Test
    void routeIsCalledForARefusalAndForAnUnknownCustomer() {
        stage.api().download(Api.request("standard", "nowhere.bin"));
        assertThat(event().getVariables()).containsEntry("resultCode", "13").containsEntry("cause", "not-found");
        assertThat(event().getVariable("reason", String.class)).contains("demo/nowhere.bin");

        events().reset();
        stage.api().download(Api.request("standard", "small.bin"), Api.headers());
        assertThat(event().getVariables()).containsEntry("resultCode", "401").containsEntry("branch", "none")
                .doesNotContainKey("tenantId");
    }

    @Test
    void routeIsCalledForAClientThatLeft() throws Exception {
        // More than the buffers of both ends hold.
        stage.put("standard", "huge.bin", Stage.content(40_000_000));
        try (InputStream response = stage.api().downloadStream(Api.request("standard", "huge.bin"))) {
            response.readNBytes(10);
        }

        assertThat(event().getVariable("resultCode")).isEqualTo("aborted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"small.bin", "large.bin", "nowhere.bin"})
    void clientHasItsResponseAndThePermitIsBackBefore(String name) throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        List<Object> seen = new CopyOnWriteArrayList<>();
        events().whenAnyExchangeReceived(exchange -> {
            seen.add(received.await(9, TimeUnit.SECONDS));
            seen.add(stage.metric("filestream_downloads_in_flight"));
        });

        stage.api().download(Api.request("standard", name));
        received.countDown();

        await().untilAsserted(() -> assertThat(seen).containsExactly(true, 0.0));
    }

    @Test
    void failureBeforeTheFirstByteIsRecordedAsThe500ThatTheClientGot() {
        assertThat(stage.api().download(Api.request("standard", "unwritable.bin")).status()).isEqualTo(500);

        assertThat(event().getVariable("resultCode")).isEqualTo("500");
    }

    @Test
    void routeThatHangsDelaysNoRequestAndItsFurtherCallsAreDroppedAndCounted() {
        CountDownLatch released = new CountDownLatch(1);
        events().whenAnyExchangeReceived(exchange -> released.await());
        double dropped = stage.metric(DROPPED);
        try (LoggedLines lines = new LoggedLines("org.ccmessaging.filestream.observe.DownloadEnded")) {
            String last = Api.rawDownload(Api.request("standard", "small.bin"), Api.credentials());
            String first = last.replace("Connection: close\r\n", "");
            // On one connection.
            assertThat(new Api(stage.api().base()).raw(first + first + last).split("HTTP/1.1 200", -1)).hasSize(4);

            await().until(() -> {
                stage.api().download(Api.request("standard", "small.bin"), Api.headers());
                return stage.metric(DROPPED) > dropped;
            });
            assertThat(lines.texts()).singleElement().asString().contains("filestream.download.max-ended-in-flight");
        } finally {
            released.countDown();
        }
        await().until(() -> stage.metric("filestream_download_ended_pending") == 0);
    }

    @Test
    void failureIsLoggedInOneLineAndCountedAndChangesNothing() {
        double before = stage.metric(FAILURES);
        try (LoggedLines lines = new LoggedLines("org.ccmessaging.filestream.observe.DownloadEnded")) {
            events().whenAnyExchangeReceived(exchange -> {
                throw new IllegalStateException("no\nserver");
            });

            assertThat(stage.api().download(Api.request("standard", "large.bin")).file())
                    .isEqualTo(Stage.content(3_000_000));

            await().until(() -> stage.metric(FAILURES) == before + 1);
            await().untilAsserted(() -> assertThat(lines.list()).singleElement().satisfies(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getThrowableProxy()).isNull();
                assertThat(line.getFormattedMessage()).isEqualTo("Route download-ended failed after a download:"
                        + " java.lang.IllegalStateException: no\\u000aserver");
            }));
        }
    }
}
