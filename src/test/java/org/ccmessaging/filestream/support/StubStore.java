package org.ccmessaging.filestream.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An HTTP server in place of a store, for responses that no real store can be made to give, and a service that soon
 * gives up on it. A static field with {@code @RegisterExtension} starts both for a class and closes them at the end.
 */
public final class StubStore implements BeforeAllCallback, AfterAllCallback {

    /** How the store responds to a request; the connection is closed where it sends less than it announced. */
    public interface Response {
        void to(HttpExchange http) throws IOException;
    }

    private static final Pattern NONCE = Pattern.compile("response-content-language=([^&]+)");

    private volatile Response response = HttpExchange::close;
    private final Class<?>[] beans;
    private HttpServer server;
    private Stage stage;

    /** @param beans further beans of the service */
    public StubStore(Class<?>... beans) {
        this.beans = beans;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", http -> {
            try {
                if (http.getRequestMethod().equals("HEAD")) {
                    // The service asks in the background whether the bucket is there; that is no request of a test.
                    http.sendResponseHeaders(200, -1);
                    return;
                }
                echoNonce(http);
                response.to(http);
            } finally {
                http.close();
            }
        });
        server.start();
        // No response of a test is silence, and a busy machine may be silent for a second.
        stage = Stage.impatient(Map.of("filestream.s3.endpoint", endpoint(), "filestream.s3.read-timeout", "10s"),
                beans);
    }

    /** As S3 does it. */
    private static void echoNonce(HttpExchange http) {
        Matcher nonce = NONCE.matcher(String.valueOf(http.getRequestURI().getRawQuery()));
        if (nonce.find()) {
            http.getResponseHeaders().set("Content-Language", nonce.group(1));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (stage != null) {
            stage.close();
        }
        server.stop(0);
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The API of the service. */
    public Api api() {
        return stage.api();
    }

    public Service service() {
        return stage.service();
    }

    /** Sets how the store responds from now on. */
    public void respond(Response next) {
        response = next;
    }

    /** An error as S3 tells it. */
    public static Response error(int status, String code) {
        String body = "<Error><Code>" + code + "</Code></Error>";
        return http -> send(http, status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** An object with its length. */
    public static Response object(byte[] content) {
        return http -> send(http, 200, content);
    }

    /** An object in chunks, whose length the store does not announce. */
    public static Response objectInChunks(byte[] content) {
        return http -> {
            http.sendResponseHeaders(200, 0);
            http.getResponseBody().write(content);
        };
    }

    /** The first bytes of an object, of which the store announces all. */
    public static Response startOf(byte[] content, int bytes) {
        return http -> {
            http.sendResponseHeaders(200, content.length);
            http.getResponseBody().write(content, 0, bytes);
            http.getResponseBody().flush();
        };
    }

    private static void send(HttpExchange http, int status, byte[] body) throws IOException {
        http.sendResponseHeaders(status, body.length);
        http.getResponseBody().write(body);
    }
}
