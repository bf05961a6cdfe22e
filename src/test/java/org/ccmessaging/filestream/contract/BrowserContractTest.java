package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.APPLY_TOKEN;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.ccmessaging.filestream.support.Outcomes.UNKNOWN_PATH;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Chromium;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract section 8 in a real browser: what the script of a page of another origin gets to see. */
@Tag("full")
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserContractTest {

    /** Sends one request and returns what the page sees: the response, or that there is none. */
    private static final String FETCH = """
            async ({url, method, headers, body}) => {
                try {
                    const response = await fetch(url, {method, headers, body});
                    const seen = {};
                    response.headers.forEach((value, name) => seen[name.toLowerCase()] = value);
                    return {status: response.status, headers: seen, body: await response.text()};
                } catch (failure) {
                    return {failure: failure.name};
                }
            }""";

    /** The complete way of a web client, as it would write it. */
    private static final String WHOLE_WAY = """
            async ({base, tokenByAkSk, applyToken, download, file}) => {
                const post = (path, headers, body) => fetch(base + path, {method: 'POST',
                    headers: {'Content-Type': 'application/json', ...headers}, body: JSON.stringify(body)});
                const access = await (await post(tokenByAkSk, {'X-Token-Expire': '300'},
                    {app_key: 'demo-app', app_secret: 'demo-secret'})).json();
                const app = {'x-app-key': access.AppKey, 'Authorization': 'Bearer ' + access.AccessToken};
                const session = await (await post(applyToken, app,
                    {userId: 'alice', userName: 'Alice', channelId: 'web-1', locale: 'en'})).json();
                const response = await post(download,
                    {...app, 'ccmessaging-token': session.token, 'X-Request-Id': 'from-a-page'}, file);
                return {code: response.headers.get('resultCode'), id: response.headers.get('X-Request-Id'),
                    body: await response.json()};
            }""";

    private final List<HttpServer> servers = new ArrayList<>();
    private Chromium chromium;
    private Stage stage;
    private String listed;
    private String other;
    private Page page;

    @BeforeAll
    void start() throws Exception {
        chromium = Chromium.start();
        listed = servePage();
        other = servePage();
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.cors.allowed-origins", listed,
                "filestream.download.max-in-flight-per-session", "2"));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "large.bin", Stage.content(1_000_000));
        stage.put("standard", "huge.bin", Stage.content(Stage.MAX_FILE_SIZE));
    }

    @AfterAll
    void stop() throws Exception {
        servers.forEach(server -> server.stop(0));
        for (AutoCloseable each : new AutoCloseable[] {stage, chromium}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @AfterEach
    void closePage() {
        page.close();
    }

    /** @return the origin of the page */
    private String servePage() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", http -> {
            byte[] html = "<!doctype html><title>A web client</title>".getBytes();
            http.getResponseHeaders().set("Content-Type", "text/html");
            http.sendResponseHeaders(200, html.length);
            http.getResponseBody().write(html);
            http.close();
        });
        server.start();
        servers.add(server);
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void open(String origin) {
        page = chromium.browser().newPage();
        page.navigate(origin + "/");
    }

    private String base() {
        return stage.api().base().toString();
    }

    @SuppressWarnings("unchecked") // The script returns an object.
    private Map<String, Object> fetch(String method, String path, String body, String... headers) {
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            named.put(headers[i], headers[i + 1]);
        }
        Map<String, Object> request = new HashMap<>(Map.of("url", base() + path, "method", method, "headers", named));
        if (body != null) {
            request.put("body", body);
        }
        return (Map<String, Object>) page.evaluate(FETCH, request);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> headers(Map<String, Object> response) {
        return (Map<String, String>) response.get("headers");
    }

    private void assertSeen(Map<String, Object> response, int status, String body) {
        assertThat(response).containsEntry("status", status).containsEntry("body", body);
        assertThat(headers(response)).containsEntry("resultcode", Integer.toString(status))
                .containsKeys("resultdesc", "x-request-id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello.txt", "large.bin"})
    @SuppressWarnings("unchecked")
    void pageOfAListedOriginFetchesBothTokensAndDownloadsAFile(String name) {
        open(listed);

        Map<String, Object> seen = (Map<String, Object>) page.evaluate(WHOLE_WAY, Map.of("base", base(),
                "tokenByAkSk", TOKEN_BY_AK_SK, "applyToken", APPLY_TOKEN, "download", DOWNLOAD,
                "file", Map.of("fileId", name, "channel", "WEB", "fileType", "txt")));

        Map<String, String> body = (Map<String, String>) seen.get("body");
        assertThat(Base64.getDecoder().decode(body.get("fileStream")))
                .isEqualTo(Stage.content(name.equals("hello.txt") ? 100 : 1_000_000));
        assertThat(body).containsEntry("resultCode", "0");
        assertThat(seen).containsEntry("id", "from-a-page")
                .containsEntry("code", name.equals("hello.txt") ? "0" : null);
    }

    @Test
    void pageSeesTheRenewedSessionToken() {
        open(listed);

        Map<String, Object> response = fetch("POST", DOWNLOAD, request("standard", "hello.txt"), credentials(
                TestTokens.access().sign(), TestTokens.session().expiring(100).sign()));

        assertThat(headers(response).get("ccmessaging-token")).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    }

    @Test
    void pageSeesWhatARefusalSays() {
        open(listed);

        assertSeen(fetch("POST", DOWNLOAD, "{}", "x-app-key", "demo-app"), 401, UNAUTHORIZED);
        assertSeen(fetch("POST", "/nowhere", "{}"), 404, UNKNOWN_PATH);
    }

    @Test
    void pageSeesWhenToSendTheRequestAgain() throws Exception {
        open(listed);
        String body = request("standard", "huge.bin");
        // A session of its own: a download of another test may keep its permit for a moment after its response.
        String[] busyOne = credentials(TestTokens.access().sign(), TestTokens.session().claim("userId", "busy").sign());
        try (Socket reader = stage.api().slowReader(body, busyOne);
                Socket another = stage.api().slowReader(body, busyOne)) {
            assertThat(reader.getInputStream().readNBytes(12)).asString().endsWith("200");
            assertThat(another.getInputStream().readNBytes(12)).asString().endsWith("200");

            Map<String, Object> response = fetch("POST", DOWNLOAD, body, busyOne);

            assertSeen(response, 503, BUSY);
            assertThat(headers(response).get("retry-after")).matches("[0-9]+");
        }
    }

    @Test
    void pageOfAnOriginThatIsNotListedSeesNothing() {
        open(other);

        assertThat(fetch("POST", DOWNLOAD, request("standard", "hello.txt"), credentials()))
                .containsExactly(Map.entry("failure", "TypeError"));
        assertThat(fetch("POST", TOKEN_BY_AK_SK, "{\"app_key\":\"demo-app\",\"app_secret\":\"demo-secret\"}",
                "Content-Type", "application/json")).containsExactly(Map.entry("failure", "TypeError"));
        // These need no preflight: the service responds, and the browser keeps the response.
        assertThat(fetch("POST", DOWNLOAD, "{}")).containsExactly(Map.entry("failure", "TypeError"));
        assertThat(fetch("GET", "/openapi/filestream.yaml", null))
                .containsExactly(Map.entry("failure", "TypeError"));
    }
}
