package org.ccmessaging.filestream.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.support.Api.Answer;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.FileSystemUtils;

/**
 * Keycloak in its development mode, with the realm of {@code keycloak/shop.json}. {@code -Pfull} unpacks its
 * distribution below {@code target/}.
 */
public final class Keycloak implements AutoCloseable {

    private static final String REALM = "shop";
    private static final String ADMINISTRATOR = "administrator-for-tests";
    private static final String CLIENT_SECRET = "only-for-tests";

    private final Path home;
    private final Api http;
    private final Process process;

    public Keycloak() throws IOException {
        Path unpacked = Path.of("target", "keycloak");
        assertThat(unpacked).as("what -Pfull or -Dkeycloak.skip=false unpacks").isDirectory();
        try (var folders = Files.list(unpacked)) {
            home = folders.filter(folder -> Files.exists(folder.resolve("bin/kc.sh"))).findFirst().orElseThrow()
                    .toAbsolutePath();
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        http = new Api(URI.create("http://127.0.0.1:" + port));
        FileSystemUtils.deleteRecursively(data());
        Files.createDirectories(data().resolve("import"));
        Files.write(data().resolve("import").resolve(REALM + ".json"),
                new ClassPathResource("keycloak/" + REALM + ".json").getContentAsByteArray());
        Path log = Path.of(System.getProperty("test.log")).resolveSibling("keycloak.log");
        ProcessBuilder command = new ProcessBuilder("bash", home.resolve("bin/kc.sh").toString(), "start-dev",
                "--import-realm", "--http-host=127.0.0.1", "--http-port=" + port).directory(home.toFile())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Keycloak's Byte Buddy otherwise refuses Java 25.
        command.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS",
                "-Xms64m -Xmx320m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dnet.bytebuddy.experimental=true",
                "KC_BOOTSTRAP_ADMIN_CLIENT_ID", ADMINISTRATOR, "KC_BOOTSTRAP_ADMIN_CLIENT_SECRET", CLIENT_SECRET));
        process = command.start();
        await().atMost(Duration.ofMinutes(4)).ignoreExceptionsMatching(notYet -> process.isAlive()).until(() -> {
            assertThat(process.isAlive()).as("Keycloak lives (%s)", log).isTrue();
            return http.get("/realms/" + REALM + "/.well-known/openid-configuration").status() == 200;
        });
    }

    private Path data() {
        return home.resolve("data");
    }

    /** The {@code iss} of its tokens. */
    public String issuer() {
        return http.base() + "/realms/" + REALM;
    }

    public String keySet() {
        return http.get("/realms/" + REALM + "/protocol/openid-connect/certs").text();
    }

    public String token(String client) {
        return token(REALM, client);
    }

    private String token(String realm, String client) {
        Answer answer = http.post("/realms/" + realm + "/protocol/openid-connect/token",
                ("grant_type=client_credentials&client_id=" + client + "&client_secret=" + CLIENT_SECRET)
                        .getBytes(StandardCharsets.UTF_8), "Content-Type", "application/x-www-form-urlencoded");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().get("access_token").asText();
    }

    /** Adds an RSA key that signs from now on, and makes the one before passive, so that it only verifies. */
    public void rotate() {
        String components = "/admin/realms/" + REALM + "/components";
        String keys = "org.keycloak.keys.KeyProvider";
        JsonNode before = administer("GET", components + "?type=" + keys, "").json();
        administer("POST", components, """
                {"name": "next", "providerId": "rsa-generated", "providerType": "%s",
                 "config": {"priority": ["200"], "keySize": ["2048"]}}""".formatted(keys));
        before.forEach(key -> {
            if (key.get("providerId").asText().equals("rsa-generated")) {
                ((ObjectNode) key.get("config")).putArray("active").add("false");
                administer("PUT", components + "/" + key.get("id").asText(), key.toString());
            }
        });
    }

    private Answer administer(String method, String path, String json) {
        Answer answer = http.send(method, path, BodyPublishers.ofString(json),
                "Authorization", "Bearer " + token("master", ADMINISTRATOR), "Content-Type", "application/json");
        assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
        return answer;
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = process.toHandle().descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        process.onExit().orTimeout(1, TimeUnit.MINUTES).exceptionally(late -> process.destroyForcibly()).join();
        all.forEach(child -> child.onExit().join());
        FileSystemUtils.deleteRecursively(data());
    }
}
