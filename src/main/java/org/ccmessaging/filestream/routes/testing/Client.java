package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.ccmessaging.filestream.routes.check.Json;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.check.Value.Kind;

/** Sends the requests of tests as a customer's client does. */
final class Client {

    private static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Credentials credentials;

    Client(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * Sends a request as often as the test says.
     *
     * @param fileType of a request that names none
     * @return the last response
     * @throws UncheckedIOException if there is no response
     */
    HttpResponse<String> send(URI service, Value written, String fileType) {
        try {
            HttpRequest request = request(service, written, fileType);
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            for (int i = 1; i < Integer.parseInt(text(written, "times", "1")); i++) {
                response = http.send(request, HttpResponse.BodyHandlers.ofString());
            }
            return response;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    private HttpRequest request(URI service, Value written, String fileType) {
        String body = body(written, fileType);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service + text(written, "path", DOWNLOAD)))
                .timeout(LONGEST).method(text(written, "method", "POST"), body == null
                        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers(written).forEach(request::header);
        return request.build();
    }

    private Map<String, String> headers(Value written) {
        String app = text(written, "app", TestService.APP);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String access = credentials.accessToken(text(written, "accessToken", Credentials.VALID), app);
        String session = credentials.sessionToken(text(written, "sessionToken", Credentials.VALID), app,
                text(written, "tenant", TestService.TENANT), text(written, "channelId", "web-1"),
                text(written, "userId", "alice"));
        headers.put("x-app-key", app);
        headers.put("Authorization", access == null ? null : "Bearer " + access);
        headers.put("ccmessaging-token", session);
        written.get("headers").members().values().forEach(header -> headers.put(header.name(),
                header.value().kind() == Kind.EMPTY ? null : header.value().text()));
        headers.values().removeIf(value -> value == null);
        return headers;
    }

    private static String body(Value written, String fileType) {
        Value body = written.get("body");
        if (body.isPresent()) {
            return body.kind() == Kind.EMPTY ? null : body.isScalar() ? body.text() : Json.of(body).toString();
        }
        Map<String, String> members = new LinkedHashMap<>();
        members.put("fileId", text(written, "fileId", null));
        members.put("channel", text(written, "channel", "WEB"));
        members.put("fileType", text(written, "fileType", fileType));
        members.put("multiMedia", text(written, "multiMedia", null));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        members.forEach((name, value) -> {
            if (value != null) {
                json.put(name, value);
            }
        });
        return json.toString();
    }

    /** A member as text: the usual one if it is not written, {@code null} if it is written as null. */
    private static String text(Value written, String name, String usual) {
        Value value = written.get(name);
        return value.isMissing() ? usual : value.kind() == Kind.EMPTY ? null : value.text();
    }
}
