package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.rawDownload;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.ccmessaging.filestream.support.MountedSecret;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** TLS of each of the two ports, renewed while the service runs, with the limits of plain connections. */
@Tag("service")
@Execution(ExecutionMode.CONCURRENT)
class TlsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final TestCa ca = new TestCa("ports");

    @TempDir
    private Path folder;
    private MountedSecret secret;

    /** A service that has the certificate on one port. */
    private Stage stage(String port, String timeout) throws Exception {
        secret = new MountedSecret(folder, ca.issue().files());
        String bundle = "spring.ssl.bundle.pem.web.";
        Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(port, "web", bundle + "reload-on-update", "true",
                bundle + "keystore.certificate", secret.file("tls.crt"), bundle + "keystore.private-key",
                secret.file("tls.key"), bundle + "keystore.verify-keys", "true",
                "spring.ssl.bundle.watch.file.quiet-period", "100ms",
                "filestream.http.header-timeout", timeout, "filestream.http.body-timeout", timeout));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "large.bin", Stage.content(2_000_000));
        return stage;
    }

    private SSLSocket connect(URI address) throws IOException {
        SSLSocket socket = (SSLSocket) ca.client().getSocketFactory().createSocket("localhost", address.getPort());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private String exchange(URI address, String request) throws IOException {
        try (SSLSocket socket = connect(address)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private BigInteger certificate(URI address) throws IOException {
        try (SSLSocket socket = connect(address)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    @Test
    void tlsOfTheApiPortServesManyRequestsAndRenewalsAndLeavesTheOtherPlain() throws Exception {
        try (Stage stage = stage("server.ssl.bundle", "1m")) {
            URI api = stage.api().base();
            assertThat(exchange(api, rawDownload(request("standard", "large.bin"), credentials())))
                    .startsWith("HTTP/1.1 200").contains("\"resultCode\":\"0\"}");
            assertServesManyRequests(api);
            assertThat(stage.service().management().get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(healthCheck(stage.service().management().base())).isZero();

            // A watcher that follows the links once would see the first renewal and no other.
            for (int renewal = 0; renewal < 2; renewal++) {
                TestCa.Issued renewed = ca.issue();
                secret.update(renewed.files());
                await().atMost(SOON).ignoreExceptions().untilAsserted(() ->
                        assertThat(certificate(api)).isEqualTo(renewed.certificate().getSerialNumber()));
            }
        }
    }

    @Test
    void tlsOfTheManagementPortLeavesTheApiPortPlainAndTheImageHealthy() throws Exception {
        try (Stage stage = stage("management.server.ssl.bundle", "1m")) {
            assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
            assertThat(exchange(stage.service().management().base(),
                    "GET /actuator/health/readiness HTTP/1.0\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
            assertThat(healthCheck(stage.service().management().base())).isZero();
            assertThat(healthCheck(stage.api().base())).as("404 from the API port").isNotZero();
        }
    }

    @Test
    void limitsOfAConnectionHoldWithTlsAndEachPortCountsItsOwnCuts() throws Exception {
        try (Stage stage = stage("server.ssl.bundle", "3s")) {
            URI api = stage.api().base();
            CompletableFuture<String> nothing = OwnThread.supply(() -> exchange(api, ""));
            CompletableFuture<String> headers = OwnThread.supply(() ->
                    exchange(api, "POST " + DOWNLOAD + " HTTP/1.1\r\n"));
            CompletableFuture<String> body = OwnThread.supply(() -> exchange(api,
                    "POST " + TOKEN_BY_AK_SK + " HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"));
            URI management = stage.service().management().base();
            try (Socket plain = new Socket(management.getHost(), management.getPort())) {
                plain.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8));
                assertThat(plain.getInputStream().readAllBytes()).as("headers of the other port").isEmpty();
            }
            assertThat(nothing.get()).as("no first byte").isEmpty();
            assertThat(headers.get()).as("headers without end").isEmpty();
            assertThat(body.get()).as("half a body").startsWith("HTTP/1.1 400").contains("did not arrive in time");
            assertThat(exchange(api, "POST " + DOWNLOAD + " HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n{"))
                    .as("refused before its body").startsWith("HTTP/1.1 401");
            assertThat(stage.metrics()).contains("filestream_connections_cut_total{port=\"api\",reason=\"header\"} 1.0",
                    "filestream_connections_cut_total{port=\"api\",reason=\"body\"} 2.0",
                    "filestream_connections_cut_total{port=\"management\",reason=\"header\"} 1.0");
        }
    }

    /** Any number of requests on one connection, as browsers and load balancers send them. */
    private void assertServesManyRequests(URI api) throws IOException {
        try (SSLSocket socket = connect(api)) {
            String request = rawDownload(request("standard", "hello.txt"), credentials())
                    .replace("Connection: close\r\n", "");
            for (int i = 0; i < 20; i++) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                assertThat(response(socket)).startsWith("HTTP/1.1 200").endsWith("\"resultCode\":\"0\"}");
            }
        }
    }

    private static int healthCheck(URI port) throws Exception {
        String image = Files.readString(Path.of("Dockerfile"));
        ProcessBuilder check = new ProcessBuilder(
                new ObjectMapper().readValue(image.substring(image.indexOf("CMD [") + 4), String[].class));
        check.environment().put("MANAGEMENT_SERVER_PORT", String.valueOf(port.getPort()));
        return check.start().waitFor();
    }

    private static String response(SSLSocket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\"}") < 0) {
            text.append((char) socket.getInputStream().readNBytes(1)[0]);
        }
        return text.toString();
    }
}
