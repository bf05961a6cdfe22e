package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.check.Value;

/** Sends the requests of tests as a customer's client does, with tokens of a key that only this run has. */
final class Client {

    private static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";
    private static final String ISSUER = "ccmessaging-filestream";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String key = UUID.randomUUID() + "-" + UUID.randomUUID();

    /** The settings by which a service accepts the tokens. */
    Map<String, Object> settings() {
        return Map.of("filestream.auth.signing-key", key, "filestream.auth.issuer", ISSUER);
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
        String user = text(written, "userId", "alice");
        String access = token(written, "accessToken", new JWTClaimsSet.Builder().audience("apiaccess").subject(app));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("x-app-key", app);
        headers.put("Authorization", access == null ? null : "Bearer " + access);
        // A claim whose value is null is left out.
        headers.put("ccmessaging-token", token(written, "sessionToken", new JWTClaimsSet.Builder()
                .audience("ccmessaging").subject(user == null ? "nobody" : user).claim("azp", app)
                .claim("tenantId", text(written, "tenant", TestService.TENANT))
                .claim("channelId", text(written, "channelId", "web-1")).claim("userId", user)));
        written.get("headers").members().values().forEach(header -> headers.put(header.name(),
                header.value().kind() == Kind.EMPTY ? null : header.value().text()));
        headers.values().removeIf(value -> value == null);
        return headers;
    }

    /** Makes a token (contract section 6) of the kind that a member says; {@code null} if it is missing. */
    private String token(Value written, String member, JWTClaimsSet.Builder claims) {
        String kind = text(written, member, "valid");
        if (kind.equals("missing") || kind.equals("malformed")) {
            return kind.equals("missing") ? null : "no-token";
        }
        Instant issued = kind.equals("expired") ? Instant.now().minus(LIFETIME.multipliedBy(2)) : Instant.now();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.issuer(ISSUER)
                .issueTime(Date.from(issued)).expirationTime(Date.from(issued.plus(LIFETIME))).build());
        try {
            token.sign(new MACSigner(kind.equals("forged") ? UUID.randomUUID().toString() : key));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return token.serialize();
    }

    private static String body(Value written, String fileType) {
        Value body = written.get("body");
        if (body.isPresent()) {
            return body.kind() == Kind.EMPTY ? null : body.isScalar() ? body.text() : body.json().toString();
        }
        Map<String, String> members = new LinkedHashMap<>();
        members.put("fileId", text(written, "fileId", null));
        members.put("channel", text(written, "channel", "WEB"));
        members.put("fileType", text(written, "fileType", fileType));
        members.put("multiMedia", text(written, "multiMedia", null));
        members.values().removeIf(value -> value == null);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        members.forEach(json::put);
        return json.toString();
    }

    /** A member as text: the default if it is not written, {@code null} if it is written as null. */
    private static String text(Value written, String name, String orElse) {
        Value value = written.get(name);
        return value.isMissing() ? orElse : value.kind() == Kind.EMPTY ? null : value.text();
    }
}
