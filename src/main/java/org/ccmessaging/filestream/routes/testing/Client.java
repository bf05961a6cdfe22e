package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.ccmessaging.filestream.routes.check.Value.YamlKind;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.toolkit.RequestId;

/** Sends the requests of tests, as a customer's client would. */
final class Client {

    private static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";
    private static final String ISSUER = "ccmessaging-filestream";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LIFETIME = Duration.ofHours(1);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String key = UUID.randomUUID() + "-" + UUID.randomUUID();

    Map<String, String> settings() {
        return Map.of("filestream.auth.signing-key", key, "filestream.auth.issuer", ISSUER,
                "filestream.log.id-key", key);
    }

    /** @param fileType the file type of a request that sets no type */
    HttpResponse<String> send(URI service, Value written, String fileType, String requestId)
            throws IOException, InterruptedException {
        String body = body(written, fileType);
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(service + text(written, "path", DOWNLOAD)))
                .timeout(TIMEOUT).method(text(written, "method", "POST"), body == null
                        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers(written, requestId).forEach(builder::header);
        HttpRequest request = builder.build();
        for (int left = Integer.parseInt(text(written, "times", "1")); left > 1; left--) {
            http.send(request, HttpResponse.BodyHandlers.discarding());
        }
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private Map<String, String> headers(Value written, String requestId) {
        String app = text(written, "app", TestService.APP);
        String user = userId(written);
        String access = token(written, "accessToken", new JWTClaimsSet.Builder().audience("apiaccess").subject(app));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put(RequestId.HEADER, requestId);
        headers.put("x-app-key", app);
        headers.put("Authorization", access == null ? null : "Bearer " + access);
        // The token omits a claim whose value is null.
        headers.put("ccmessaging-token", token(written, "sessionToken", new JWTClaimsSet.Builder()
                .audience("ccmessaging").subject(user == null ? "nobody" : user).claim("azp", app)
                .claim("tenantId", text(written, "tenant", TestService.TENANT))
                .claim("channelId", text(written, "channelId", "web-1")).claim("userId", user)));
        Value others = written.get("headers");
        others.members().keySet().forEach(name -> headers.put(name, text(others, name, null)));
        headers.values().removeIf(value -> value == null);
        return headers;
    }

    /** Returns the user ID for the session token; {@code null} if the YAML value is null. */
    static String userId(Value written) {
        return text(written, "userId", "alice");
    }

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
            return body.kind() == YamlKind.EMPTY ? null
                    : body.isScalar() ? body.text() : TestCase.json(body).toString();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("fileId", text(written, "fileId", null))
                .put("channel", text(written, "channel", "WEB")).put("fileType", text(written, "fileType", fileType))
                .put("multiMedia", text(written, "multiMedia", null));
        return json.removeIf(JsonNode::isNull).toString();
    }

    /** Returns a member as text, {@code orElse} if the member is missing, or {@code null} if the YAML value is null. */
    private static String text(Value written, String name, String orElse) {
        Value value = written.get(name);
        return !value.isPresent() ? orElse : value.kind() == YamlKind.EMPTY ? null : value.text();
    }
}
