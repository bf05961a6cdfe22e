package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.badRequest;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that keep the service waiting, over raw sockets. None of them stops it. */
@Tag("service")
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionLimitsTest {

    /** The lock of tests that count the readers of {@link #hasty}. */
    private static final String READERS = "readers";
    /** The lock of tests whose clients {@link #patient} counts, and of which it cuts the oldest. */
    private static final String WAITING = "waiting";
    /** Time within which a limit of a second must have ended a connection. */
    private static final Duration SOON = Duration.ofSeconds(30);

    /** A service with short limits of time. */
    @AutoClose
    private Stage hasty;
    /** A service without limits of time, with few permits and so with few threads on Java 17. */
    @AutoClose
    private Stage patient;

    private static Stage stage(String timeout) throws Exception {
        Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-file-size", "100MB",
                "filestream.http.header-timeout", timeout, "filestream.http.body-timeout", timeout,
                "filestream.download.max-in-flight", 8));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "huge.bin", Stage.content(36 * 1024 * 1024));
        return stage;
    }

    @BeforeAll
    void start() throws Exception {
        hasty = stage("1s");
        // So long that only another limit can have ended a connection in a test.
        patient = stage("10m");
    }

    private static Socket connect(Stage stage, String bytes) throws IOException {
        URI base = stage.api().base();
        Socket socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout((int) SOON.toMillis());
        send(socket, bytes);
        return socket;
    }

    private static void send(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns everything that arrives until the service ends the connection. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static double cut(Stage stage, String reason) {
        return stage.metric("filestream_connections_cut_total{port=\"api\",reason=\"" + reason + "\"}");
    }

    private static String post(String path, int length, String... headers) {
        return Api.rawDownload("", headers).replace(DOWNLOAD, path).replace("Connection: close\r\n", "")
                .replace("Content-Length: 0", "Content-Length: " + length);
    }

    /** Clients that all do the same. */
    private static final class Clients extends ArrayList<Socket> implements AutoCloseable {

        private static final long serialVersionUID = 1L;

        private Clients(Stage stage, int count, String bytes) throws IOException {
            for (int i = 0; i < count; i++) {
                add(connect(stage, bytes));
            }
        }

        /** Returns a client that has a response to read. */
        private Optional<Socket> answered() throws IOException {
            for (Socket client : this) {
                if (client.getInputStream().available() > 0) {
                    return Optional.of(client);
                }
            }
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            for (Socket client : this) {
                client.close();
            }
        }
    }

    /** The service refuses a download before its body. Operation tokenByAkSk reads the body before it can check it. */
    @ParameterizedTest
    @CsvSource({DOWNLOAD + ", 401, customer service to check the status of your account.",
        TOKEN_BY_AK_SK + ", 400, The body did not arrive in time."})
    @ResourceLock(WAITING)
    void halfSentBodiesWithoutCredentialsLetOthersPass(String path, int status, String text) throws Exception {
        try (Clients clients = new Clients(patient, 300, post(path, 5_000) + "{")) {
            assertThat(OwnThread.supply(() -> patient.api().download(request("standard", "hello.txt")).file()))
                    .succeedsWithin(Duration.ofSeconds(60)).isEqualTo(Stage.content(100));
            assertThat(rest(await().atMost(SOON).until(clients::answered, Optional::isPresent).orElseThrow()))
                    .as("one that waited longer than others").startsWith("HTTP/1.1 " + status).endsWith(text + "\"}");
        }
    }

    /** They could make the service write, and wait for them, without reading a byte. */
    @Test
    @ResourceLock(WAITING)
    void connectionEndsAfterEightRequestsThatDidNotWaitForAResponse() throws Exception {
        String request = "GET /unknown HTTP/1.1\r\nHost: x\r\n\r\n";
        try (Socket client = connect(patient, request.repeat(20))) {
            assertThat(rest(client)).containsOnlyOnce("Connection: close")
                    .satisfies(responses -> assertThat(responses.split("HTTP/1.1 404", -1)).hasSize(1 + 8));
        }
    }

    /** A reload of the routes waits for the requests that are in them. */
    @Test
    @ResourceLock(WAITING)
    void bodiesThatAreHalfSentDoNotKeepTheGateOpen() throws Exception {
        RequestGate gate = patient.service().bean(RequestGate.class);
        try (Clients clients = new Clients(patient, 20, post(DOWNLOAD, 5_000, credentials()) + "{")) {
            clients.addAll(new Clients(patient, 20, post(TOKEN_BY_AK_SK, 5_000) + "{"));

            assertThat(gate.close(SOON)).isTrue();
            gate.open();
        }
    }

    @Test
    void connectionOfARefusedRequestWithItsBodyOutlivesTheLimitsOfARequest() throws Exception {
        String request = post(DOWNLOAD, 2) + "{}";
        try (Socket client = connect(hasty, request)) {
            InputStream in = client.getInputStream();
            byte[] first = in.readNBytes(200);
            // Longer than each limit of this stage.
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
            send(client, request.replace("Content-Length", "Connection: close\r\nContent-Length"));

            assertThat(new String(first, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 401")
                    .doesNotContain("Connection: close");
            assertThat(rest(client)).contains("HTTP/1.1 401").containsOnlyOnce("Connection: close");
        }
    }

    /** @param drop what the client sends again and again, so that it is never silent for long, or nothing */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\r\n", ""})
    void headersThatTakeTooLongInTotalEndTheConnection(String drop) throws Exception {
        try (Socket client = connect(hasty, drop.isBlank() ? "" : "POST / HTTP/1.1\r\nx: ")) {
            assertThat(dropsUntilTheEnd(client, drop)).isEmpty();
        }
        await().untilAsserted(() -> assertThat(cut(hasty, "header")).isPositive());
    }

    /** The service reads the body first, and the client learns nothing but 401 (contract section 4.2). */
    @ParameterizedTest
    @CsvSource({"'', 400, Connection: close", "wrong, 401, X-Request-Id: "})
    void bodyThatTakesTooLongInTotalGives400OrWithWrongCredentials401(String more, int status, String header)
            throws Exception {
        String[] credentials = credentials();
        credentials[1] += more;
        try (Socket client = connect(hasty, post(DOWNLOAD, 5_000, credentials))) {
            assertThat(dropsUntilTheEnd(client, "x")).startsWith("HTTP/1.1 " + status).containsOnlyOnce(header)
                    .endsWith(status == 401 ? Outcomes.UNAUTHORIZED : badRequest("The body did not arrive in time."));
        }
        await().untilAsserted(() -> assertThat(cut(hasty, "body")).isPositive());
    }

    /** Sends a drop every 100 ms until the service has ended the connection. */
    private static String dropsUntilTheEnd(Socket client, String drop) throws Exception {
        CompletableFuture<String> response = OwnThread.supply(() -> rest(client)).exceptionally(reset -> "");
        await().atMost(SOON).pollInterval(Duration.ofMillis(100)).until(() -> {
            try {
                send(client, drop);
            } catch (IOException ended) {
                return true;
            }
            return response.isDone();
        });
        return response.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    /** Lets the service wait for a reader as long as if a number of seconds had passed. */
    private static void waitSeconds(Stage stage, int seconds) {
        Watchdog watchdog = stage.service().bean(Watchdog.class);
        for (long millis = 0; millis < TimeUnit.SECONDS.toMillis(seconds); millis += Watchdog.TICK_MILLIS) {
            watchdog.tick();
        }
    }

    @Test
    @ResourceLock(READERS)
    void readerThatTakesNothingForAMinuteIsCutOffCountedAndTheReasonInTheLog() throws Exception {
        try (Socket client = hasty.api().slowReader(request("standard", "huge.bin")); LoggedLines log =
                LoggedLines.ofAll()) {
            await().atMost(SOON).untilAsserted(() -> {
                waitSeconds(hasty, 61);
                assertThat(cut(hasty, "slow-reader")).isPositive();
            });
            hasty.awaitInFlight(0);
            await().untilAsserted(() -> assertThat(log.list()).extracting(line ->
                    String.valueOf(line.getKeyValuePairs())).anySatisfy(line -> assertThat(line).contains(
                            "resultCode=\"aborted\"", "reason=\"slow-reader: the client took less than 8192 bytes/s")));
            assertThat(client.isConnected()).isTrue();
        }
    }

    /** It takes 150 KB each time that ten seconds seem to pass, and leaves the rest in the kernel's buffers. */
    @Test
    @ResourceLock(READERS)
    void slowReaderAboveTheRateIsNotCutOff() throws Exception {
        double before = cut(hasty, "slow-reader");
        try (Socket client = hasty.api().slowReader(request("standard", "huge.bin"))) {
            InputStream in = client.getInputStream();
            byte[] sip = new byte[150_000];
            for (int i = 0; i < 30; i++) {
                assertThat(in.readNBytes(sip, 0, sip.length)).isEqualTo(sip.length);
                waitSeconds(hasty, 10);
                // The service offers its next bytes.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2 * Watchdog.TICK_MILLIS));
            }

            assertThat(hasty.metric("filestream_downloads_in_flight")).isEqualTo(1);
            assertThat(cut(hasty, "slow-reader")).isEqualTo(before);
        }
        hasty.awaitInFlight(0);
    }
}
