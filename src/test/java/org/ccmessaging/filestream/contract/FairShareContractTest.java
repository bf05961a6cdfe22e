package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;
import static org.ccmessaging.filestream.support.Outcomes.TOO_MANY_REQUESTS;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.StringUtils;

/**
 * Contract section 4.2: no session and no tenant takes all permits of the 256 that a service has by default (429), and
 * nobody gets more of them (503). Contract section 8: the page of a listed origin can read that.
 * {@code ShutdownDelayTest} has a shutdown.
 */
@Tag("service")
class FairShareContractTest {

    private static final int PERMITS = 256;
    private static final String ORIGIN = "https://chat.example.com";
    private static final String HUGE = request("standard", "huge.bin");
    private static final String SMALL = request("standard", "hello.txt");

    @AutoClose
    private static Stage stage;
    private final List<Socket> clients = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        // No limit of time ends a request while a test counts.
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-file-size", "100MB",
                "filestream.http.body-timeout", "10m", "filestream.http.min-read-rate", "0B",
                "filestream.cors.allowed-origins", ORIGIN));
        for (String tenant : List.of("greedy", "second", "third")) {
            stage.putAt("standard", tenant + "/huge.bin", Stage.content(36 * 1024 * 1024));
            stage.putAt("standard", tenant + "/hello.txt", Stage.content(100));
        }
    }

    @AfterEach
    void everyPermitIsReleased() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        // Requests whose clients have left end, one after the other, whatever their path and outcome.
        double[] ended = {-1};
        await().until(() -> ended[0] == (ended[0] = stage.metric("http_server_requests_seconds_count"))
                && stage.metric("filestream_downloads_in_flight") == 0);
    }

    private static String[] session(String tenant, String user) {
        return StringUtils.concatenateStringArrays(headers("Origin", ORIGIN),
                credentials(TestTokens.session().claim("tenantId", tenant).claim("userId", user)));
    }

    private static double refused(String reason) {
        return stage.metric("filestream_downloads_refused_total{reason=\"" + reason + "\"}");
    }

    private void startReading(int count, String... session) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(stage.api().slowReader(HUGE, session));
        }
        for (Socket reader : clients.subList(clients.size() - count, clients.size())) {
            byte[] start = reader.getInputStream().readNBytes(12);
            assertThat(new String(start, StandardCharsets.ISO_8859_1)).matches("HTTP/1.1 (200|429)");
        }
    }

    private static void assertServed(Answer answer) {
        assertThat(answer.file()).isEqualTo(Stage.content(100));
    }

    private static void assertRefused(Answer answer, int status, String body) {
        assertThat(answer.text()).isEqualTo(body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    }

    @Test
    void slowReadersOfOneSessionLeavePermitsForEverybodyElse() throws Exception {
        String[] greedy = session("greedy", "mallory");
        startReading(PERMITS, greedy);

        assertServed(stage.api().download(SMALL, session("second", "bob")));
        assertServed(stage.api().download(SMALL, session("greedy", "alice")));
        double refused = refused("session-limit");
        assertRefused(stage.api().download(SMALL, greedy), 429, TOO_MANY_REQUESTS);
        // The service signs a fresh token for a session in use, and a client with the app's secret gets more.
        assertThat(stage.api().download(SMALL, credentials(TestTokens.session().claim("tenantId", "greedy")
                .claim("userId", "mallory").claim("name", "new").expiring(1800))).text()).isEqualTo(TOO_MANY_REQUESTS);
        // The service counts a request after its response.
        await().until(() -> refused("session-limit") == refused + 2);
    }

    /** The clients that have no response yet. */
    private List<Socket> waiting() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        for (Socket client : clients) {
            if (client.getInputStream().available() == 0) {
                waiting.add(client);
            }
        }
        return waiting;
    }

    @Test
    void bodiesThatAreHalfSentHoldNoPermit() throws Exception {
        for (int i = 0; i < PERMITS; i++) {
            clients.add(stage.api().halfSentBody(SMALL, session("greedy", "user-" + i % 16)));
        }
        // More bodies do not wait: those that came first leave.
        await().until(() -> waiting().size() == 128);

        assertServed(stage.api().download(SMALL, session("second", "bob")));
        stage.awaitInFlight(0);

        // The download may have taken the place of the body that came first.
        List<Socket> waiting = waiting();
        Socket late = waiting.get(waiting.size() - 1);
        late.getOutputStream().write('}');
        String answer = new String(late.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        stage.api().checkDownload(answer);
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @Test
    void manySessionsOfOneTenantLeaveAQuarterOfThePermitsAndWithoutAnyADownloadGets503() throws Exception {
        for (int user = 0; user < 32; user++) {
            startReading(PERMITS / 32, session("greedy", "user-" + user));
        }

        assertThat(stage.metric("filestream_downloads_in_flight")).isEqualTo(192);
        assertServed(stage.api().download(SMALL, session("second", "bob")));
        double refused = refused("tenant-share");
        assertRefused(stage.api().download(SMALL, session("greedy", "alice")), 429, TOO_MANY_REQUESTS);
        await().until(() -> refused("tenant-share") == refused + 1);

        stage.awaitInFlight(192);
        for (int user = 0; user < 4; user++) {
            startReading(16, session("second", "user-" + user));
        }
        assertThat(stage.metric("filestream_downloads_in_flight")).isEqualTo(PERMITS);
        String[] third = session("third", "carol");
        assertRefused(stage.api().download(SMALL, third), 503, BUSY);
        assertThat(stage.api().download(SMALL, headers()).status()).isEqualTo(401);
        assertThat(stage.api().download("", third).status()).isEqualTo(400);
        assertThat(stage.api().download(" ".repeat(70_000), third).status()).isEqualTo(400);
        // A permit comes before the JSON is parsed.
        assertRefused(stage.api().download("not json", third), 503, BUSY);

        clients.get(0).close();
        assertServed(await().until(() -> stage.api().download(SMALL, third), next -> next.status() == 200));
    }
}
