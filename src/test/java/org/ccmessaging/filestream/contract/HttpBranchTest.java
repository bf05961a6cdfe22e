package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.Example;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A branch whose files an HTTP server has, by component {@code http} and step take-stream: docs/examples.
 * {@code TakeStreamTest} has statuses, lengths that are wrong, files that are too large, and headers of the backend.
 */
@Tag("service")
class HttpBranchTest extends RemoteStoreContract {

    private static final byte[] SMALL = Stage.content(1_000);

    private FaultyServer backend;

    @Override
    String request(String name) {
        return Api.request("archive/" + name, "txt", null);
    }

    @Override
    boolean resumes() {
        return false;
    }

    @Override
    URI start(Path folder) {
        backend = new FaultyServer();
        return backend.endpoint();
    }

    @Override
    void stop() {
        backend.close();
    }

    @Override
    void put(String key, byte[] content) {
        backend.putAt(key, content, Turn::right);
    }

    @Override
    Service serve(URI address, Path folder) throws Exception {
        OwnRoutes routes = new OwnRoutes(folder);
        routes.choose("archive");
        routes.addStorage("archive");
        routes.replace("storage-archive", "direct:read-{{filestream.storage.archive.type}}", "direct:read-http");
        routes.add("read-http", Example.newFile("read-files-from-an-http-server")
                .replace("httpMethod: GET,", "httpMethod: GET, followRedirects: true,"));
        Map<String, Object> settings = new HashMap<>(impatient());
        settings.putAll(Map.of("filestream.s3.endpoint", address, "routes.archive", address + "/files",
                "filestream.download.first-byte-timeout", "3s", "filestream.download.stall-timeout", "3s",
                "filestream.storage.archive.key", "${variable.tenantId}/${variable.objectKey}",
                "camel.component.http.response-timeout", "2000",
                "filestream.routes.directory", routes.folder().toString()));
        return Service.start(settings);
    }

    private Answer download(byte[] file, Script script) {
        backend.putAt("demo/a.bin", file, script);
        return download("a.bin");
    }

    private static Script chunks(String end) {
        return turn -> {
            turn.head(200, "Transfer-Encoding: chunked");
            turn.chunksUpTo(turn.length());
            turn.send(end);
            turn.close();
        };
    }

    private static void assertBroken(Answer answer, byte[] file) {
        assertThat(answer.text()).startsWith(Outcomes.FILE_HEAD).endsWith(Outcomes.BROKEN_TAIL);
        assertThat(answer.text().length()).isLessThan(Outcomes.success(file).length() + 100);
    }

    @Test
    void fileInChunksIsServed() {
        assertThat(download(SMALL, chunks("0\r\n\r\n")).file()).isEqualTo(SMALL);
        assertThat(download(LARGE, chunks("0\r\n\r\n")).file()).isEqualTo(LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5\r\nab"})
    void chunksThatAreCutAreAnIoException(String end) {
        assertThat(download(SMALL, chunks(end)).text()).isEqualTo(READ_BROKEN);
        assertBroken(download(LARGE, chunks(end)), LARGE);
    }

    /** A byte now and then, so that no time-out between two bytes ends it. */
    private static Script dripping(int announced) {
        return turn -> {
            turn.head(200, "Content-Length: " + announced);
            turn.upTo(turn.length());
            turn.sendForEver("x", 50);
        };
    }

    @Test
    void backendThatDripsMeetsTheDeadline() {
        assertThat(download(new byte[0], dripping(100_000)).text()).isEqualTo(READ_BROKEN);
        assertBroken(download(LARGE, dripping(3_000_000)), LARGE);
    }

    /** The client resets before the first chunk, and only the last 10,848 bytes of the file drip. */
    @Test
    void permitOfAClientThatIsGoneIsBackWhileTheBackendStillDrips() throws Exception {
        CompletableFuture<Void> requested = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        backend.putAt("demo/left.bin", new byte[49_152], turn -> {
            requested.complete(null);
            gone.join();
            dripping(60_000).respond(turn);
        });
        try (Socket client = api().slowReader(request("left.bin"))) {
            requested.join();
            client.setSoLinger(true, 0);
        }
        gone.complete(null);

        await().atMost(Duration.ofSeconds(30)).until(() -> service.metric("filestream_downloads_in_flight") == 0);
    }

    @Test
    void redirectIsNotFollowedWhateverTheEndpointSays() {
        backend.putAt("demo/elsewhere.bin", SMALL, Turn::right);
        backend.received().clear();

        assertThat(download(SMALL, turn -> turn.head(302, "Location: elsewhere.bin", "Content-Length: 0")).text())
                .isEqualTo(FILE_SERVICE_REFUSED);
        assertThat(backend.received()).containsExactly("GET /files/demo/a.bin");
    }

    @Test
    void backendGetsTheCustomersKeyAndNoCredential() {
        List<String> secrets = new CopyOnWriteArrayList<>();
        backend.received().clear();
        backend.putAt("demo/x?y=1#z %41;\u00e4/b.bin", SMALL, turn -> {
            Stream.of("authorization", "ccmessaging-token", "x-app-key", "resultCode", "cookie", "accept-encoding")
                    .forEach(name -> secrets.addAll(turn.headers(name)));
            turn.right();
        });

        assertServed("x?y=1#z %41;\u00e4/b.bin", SMALL);
        assertThat(backend.received()).containsExactly("GET /files/demo/x%3Fy%3D1%23z%20%2541%3B%C3%A4/b.bin");
        assertThat(secrets).isEmpty();
    }
}
