package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Outcomes.EMPTY_FILE;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.storage.Confined;
import org.ccmessaging.filestream.storage.RequestStream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A branch whose files an HTTP server has: the example of docs/examples. */
@Tag("service")
class HttpBranchTest {

    private static final byte[] SMALL = Stage.content(1_000);
    private static final byte[] LARGE = Stage.content(1_000_000);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @TempDir
    private static Path folder;

    @AutoClose
    private static Backend backend;
    @AutoClose
    private static Service service;

    /** How the backend responds to a request. */
    private interface Response {
        void write(OutputStream out) throws IOException;
    }

    /** An HTTP server that may break off. Each connection serves one request. */
    private static final class Backend implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private volatile Response response;
        private volatile Socket connection;

        Backend() throws IOException {
            Thread thread = new Thread(this::serve, "backend");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket accepted = socket.accept()) {
                    connection = accepted;
                    StringBuilder head = new StringBuilder();
                    while (head.indexOf("\r\n\r\n") < 0) {
                        int next = accepted.getInputStream().read();
                        if (next < 0) {
                            throw new IOException("no request");
                        }
                        head.append((char) next);
                    }
                    requests.add(head.toString());
                    response.write(accepted.getOutputStream());
                    accepted.shutdownOutput();
                } catch (IOException gone) {
                    // The service has given up the connection, as some tests want it to.
                    continue;
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        backend = new Backend();
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        routes.choose("archive");
        routes.addStorage("archive");
        routes.add("read-stream", DocumentedEdit.newFile("serve-files-that-another-server-has"));
        Map<String, Object> settings = new HashMap<>();
        for (String branch : Stage.BRANCHES) {
            settings.put("filestream.storage." + branch + ".type", "filesystem");
            settings.put("filestream.storage." + branch + ".root", folder.toString());
        }
        settings.put("filestream.storage.archive.type", "stream");
        settings.put("filestream.storage.archive.key", "${variable.tenantId}/${variable.objectKey}");
        settings.put("filestream.download.max-file-size", Stage.MAX_FILE_SIZE + "B");
        settings.put("filestream.download.first-byte-timeout", "1s");
        settings.put("filestream.download.stall-timeout", "1s");
        settings.put("filestream.routes.directory", routes.folder().toString());
        settings.put("filestream.storage.archive.address",
                "http://localhost:" + backend.socket.getLocalPort() + "/files/");
        // It lets out what routes set, and nothing that a backend does.
        settings.put("filestream.http.response-headers", "X-Secret, X-Service-Version");
        service = Service.start(settings);
    }

    private static Answer download(String name, Response response) {
        backend.requests.clear();
        backend.response = response;
        return service.api().download(Api.request("archive/" + name, "txt", null));
    }

    private static Response head(String head) {
        return out -> out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Response file(byte[] content, int announced) {
        return out -> {
            head(OK + "content-length: " + announced + "\r\n").write(out);
            out.write(content);
        };
    }

    private static Response chunks(byte[] content, String end) {
        return out -> {
            head(OK + "Transfer-Encoding: chunked\r\n").write(out);
            out.write((Integer.toHexString(content.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.write(content);
            out.write(end.getBytes(StandardCharsets.ISO_8859_1));
        };
    }

    private static void assertBroken(Answer answer, byte[] file) {
        assertThat(answer.text()).startsWith(Outcomes.FILE_HEAD).endsWith(Outcomes.BROKEN_TAIL);
        assertThat(answer.text().length()).isLessThan(Outcomes.success(file).length() + 100);
    }

    @Test
    void fileWithItsLengthIsServed() {
        for (byte[] file : new byte[][] {SMALL, LARGE}) {
            assertThat(download("a.bin", file(file, file.length)).file()).isEqualTo(file);
        }
    }

    @Test
    void fileInChunksIsServed() {
        for (byte[] file : new byte[][] {SMALL, LARGE}) {
            assertThat(download("a.bin", chunks(file, "\r\n0\r\n\r\n")).file()).isEqualTo(file);
        }
    }

    @Test
    void fileThatEndsEarlyIsAnIoException() {
        assertThat(download("a.bin", file(SMALL, 1_001)).text()).isEqualTo(READ_BROKEN);
        assertBroken(download("a.bin", file(LARGE, 1_000_001)), LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n"})
    void chunksThatAreCutAreAnIoException(String end) {
        assertThat(download("a.bin", chunks(SMALL, end)).text()).isEqualTo(READ_BROKEN);
        assertBroken(download("a.bin", chunks(LARGE, end)), LARGE);
    }

    @Test
    void responseWhoseEndWouldNotShowIsAnIoException() {
        Answer answer = download("a.bin", out -> {
            head(OK).write(out);
            out.write(SMALL);
        });

        assertThat(answer.text()).isEqualTo(READ_BROKEN);
    }

    @ParameterizedTest
    @CsvSource({"404 Not Found", "410 Gone", "403 Forbidden", "500 Internal Server Error", "206 Partial Content",
        "302 Found"})
    void responseThatIsNotTheFileIsRefused(String status) {
        Answer answer = download("a.bin",
                head("HTTP/1.1 " + status + "\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n"));

        assertThat(answer.text()).isEqualTo(FILE_SERVICE_REFUSED);
    }

    @Test
    void codingIsRefusedAndEmptyFileIsEmpty() {
        assertThat(download("a.bin", head(OK + "Content-Encoding: br\r\nContent-Length: 0\r\n")).text())
                .isEqualTo(FILE_SERVICE_REFUSED);
        assertThat(download("a.bin", file(new byte[0], 0)).text()).isEqualTo(EMPTY_FILE);
    }

    @Test
    void fileThatIsTooLargeIsRefused() {
        byte[] tooLarge = new byte[Stage.MAX_FILE_SIZE + 1];

        assertThat(download("a.bin", file(tooLarge, tooLarge.length)).text()).isEqualTo(FILE_SERVICE_REFUSED);
        assertThat(download("a.bin", chunks(tooLarge, "\r\n0\r\n\r\n")).text())
                .startsWith(Outcomes.FILE_HEAD).endsWith(Outcomes.BROKEN_TAIL);
    }

    /** A byte now and then, so that no time-out between two bytes ends it. */
    private static Response drip(Response start) {
        return out -> {
            start.write(out);
            while (true) {
                out.write('x');
                out.flush();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        };
    }

    @Test
    void backendThatIsSlowMeetsTheDeadline() {
        assertThat(download("a.bin", drip(head(OK + "Content-Length: 100000\r\n"))).text()).isEqualTo(READ_BROKEN);
        assertBroken(download("a.bin", drip(file(LARGE, 2_000_000))), LARGE);
    }

    /** The client resets before the first chunk, and only the last 10,848 bytes of the file drip. */
    @Test
    void permitOfAClientThatIsGoneIsBackWhileTheBackendStillDrips() throws Exception {
        CompletableFuture<Void> requested = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        backend.response = out -> {
            requested.complete(null);
            gone.join();
            drip(file(new byte[49_152], 60_000)).write(out);
        };
        try (Socket client = service.api().slowReader(Api.request("archive/left.bin", "txt", null))) {
            requested.join();
            client.setSoLinger(true, 0);
        }
        gone.complete(null);

        await().atMost(Duration.ofSeconds(30)).until(() -> service.management().get("/actuator/prometheus").text()
                .contains("filestream_downloads_in_flight 0.0"));
    }

    @Test
    void backendThatIsSilentMeetsTheDeadline() {
        assertThat(download("a.bin", out -> backend.connection.getInputStream().read()).text()).isEqualTo(READ_BROKEN);
    }

    @Test
    void backendGetsTheCustomersKeyAndNoCredential() {
        download("x?y=1#z %41;\u00e4/b.bin", file(SMALL, SMALL.length));

        assertThat(backend.requests).singleElement().asString()
                .startsWith("GET /files/demo/x%3Fy%3D1%23z%20%2541%3B%C3%A4/b.bin HTTP/1.1\r\n")
                .doesNotContainIgnoringCase("authorization").doesNotContainIgnoringCase("ccmessaging-token")
                .doesNotContainIgnoringCase("x-app-key").doesNotContainIgnoringCase("resultCode")
                .doesNotContainIgnoringCase("cookie").doesNotContainIgnoringCase("accept-encoding");
    }

    @Test
    void nothingOfARouteChangesTheRequest() throws Exception {
        backend.requests.clear();
        backend.response = file(SMALL, SMALL.length);
        Exchange exchange = new DefaultExchange(service.bean(CamelContext.class));
        Confined.to(exchange, new ObjectLocation("archive", "demo", "demo/a.bin"));
        for (String name : List.of("CamelHttpUri", "CamelHttpPath", "CamelHttpQuery", "CamelHttpMethod",
                "CamelHttpHost", "Host", "Range", "X-Mine")) {
            exchange.getMessage().setHeader(name, "http://127.0.0.1:1/other/a.bin");
        }
        exchange.setVariable("location", new ObjectLocation("archive", "other", "other/a.bin"));
        exchange.setVariable("objectKey", "other/a.bin");
        exchange.setVariable("branch", "standard");

        service.bean(RequestStream.class).process(exchange);
        exchange.getUnitOfWork().done(exchange);

        assertThat(backend.requests).singleElement().asString()
                .startsWith("GET /files/demo/a.bin HTTP/1.1\r\n")
                .doesNotContain("127.0.0.1", "other", "Range", "X-Mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "9223372036854775808"})
    void lengthThatIsNoNumberIsAnIoException(String length) {
        Answer answer = download("a.bin", out -> {
            head(OK + "Content-Length: " + length + "\r\n").write(out);
            out.write(SMALL);
        });

        assertThat(answer.text()).isEqualTo(READ_BROKEN);
    }

    @Test
    void backendTellsTheClientNothing() {
        Answer answer = download("a.bin", out -> {
            head(OK + "ccmessaging-token: forged\r\nRetry-After: 9\r\nAllow: GET\r\nresultDesc: x\r\n"
                    + "X-Secret: y\r\nSet-Cookie: a=b\r\nContent-Type: text/html\r\nContent-Length: "
                    + SMALL.length + "\r\n").write(out);
            out.write(SMALL);
        });

        assertThat(answer.file()).isEqualTo(SMALL);
        assertThat(answer.headerNames()).doesNotContain("ccmessaging-token", "retry-after", "allow", "resultdesc",
                "x-secret", "set-cookie");
        assertThat(answer.header("content-type")).startsWith("application/json");
    }

    @Test
    void noOtherTenantsFileIsAskedFor() {
        assertThat(download("../other/a.bin", file(SMALL, SMALL.length)).text()).isEqualTo(FILE_SERVICE_REFUSED);
        assertThat(backend.requests).isEmpty();
    }
}
