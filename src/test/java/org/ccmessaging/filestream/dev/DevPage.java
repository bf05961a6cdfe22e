package org.ccmessaging.filestream.dev;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.FaultyServer;
import org.springframework.core.io.ClassPathResource;

/**
 * The page of development mode. It shows the sample files with {@code docs/client/filestream.js}. Its server has a port
 * of its own, so it is another origin than the API. It does what the server of a web client does: it keeps the secret
 * of the app, and gives the page tokens. It also breaks the link to the store when the page asks for it.
 */
final class DevPage implements AutoCloseable {

    private static final Path CLIENT = Path.of("docs", "client", "filestream.js");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Bytes of the large picture that arrive before the link breaks. */
    private static final int BREAKS_AFTER = 400_000;

    private final HttpServer server;
    private volatile Api api;
    private volatile FaultyServer store;

    DevPage() throws IOException {
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::respond);
        server.start();
    }

    /** The address of the page, which is its origin too. */
    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Sets what the page uses.
     *
     * @param address that of the API
     * @param link between the service and its store; clients reach the store through it too
     */
    void use(URI address, FaultyServer link) {
        api = new Api(address);
        store = link;
    }

    private void respond(HttpExchange http) throws IOException {
        try (http) {
            switch (http.getRequestMethod() + " " + http.getRequestURI().getPath()) {
                case "GET /" -> page(http);
                case "GET /filestream.js" -> send(http, "text/javascript", Files.readAllBytes(CLIENT));
                case "POST /tokens" -> send(http, "application/json", JSON.writeValueAsBytes(tokens()));
                case "POST /store" -> {
                    breakStore(new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    http.sendResponseHeaders(204, -1);
                }
                default -> http.sendResponseHeaders(404, -1);
            }
        }
    }

    /** Has the policy that docs/web-clients.md recommends. */
    private void page(HttpExchange http) throws IOException {
        String nonce = UUID.randomUUID().toString();
        http.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'; script-src 'self' 'nonce-" + nonce
                + "'; style-src 'nonce-" + nonce + "'; connect-src 'self' " + api.base() + " " + store.endpoint()
                + "; img-src blob:; media-src blob:; object-src blob:; frame-src blob:; base-uri 'none'");
        send(http, "text/html", new ClassPathResource("dev-page.html").getContentAsString(StandardCharsets.UTF_8)
                .replace("{api}", api.base().toString()).replace("{nonce}", nonce).getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, String> tokens() throws IOException {
        String accessToken = api.post(Api.TOKEN_BY_AK_SK, JSON.writeValueAsBytes(
                Map.of("app_key", "demo-app", "app_secret", "demo-secret"))).json().get("AccessToken").asText();
        String sessionToken = api.post(Api.APPLY_TOKEN, JSON.writeValueAsBytes(
                Map.of("userId", "alice", "userName", "Alice", "channelId", "web-1", "locale", "en")),
                "x-app-key", "demo-app", "Authorization", "Bearer " + accessToken).json().get("token").asText();
        return Map.of("appKey", "demo-app", "accessToken", accessToken, "sessionToken", sessionToken);
    }

    private void breakStore(String how) {
        switch (how) {
            case "breaks once" -> store.breakOnce(BREAKS_AFTER, FaultyServer.Fault.CLOSE);
            case "breaks for good" -> store.breakForGood(BREAKS_AFTER, FaultyServer.Fault.CLOSE);
            default -> store.heal();
        }
    }

    private static void send(HttpExchange http, String type, byte[] body) throws IOException {
        http.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        http.getResponseHeaders().set("Cache-Control", "no-store");
        http.sendResponseHeaders(200, body.length);
        http.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
