package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.FaultyStore.impatient;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyLink.Fault;
import org.ccmessaging.filestream.support.FaultyLink;
import org.ccmessaging.filestream.support.FaultyStore;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract sections 4.1 and 4.3: a store that refuses, is away, or breaks off for good, told as no success. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorageFaultContractTest {

    private static final String REFUSED = "{\"resultCode\":\"13\",\"resultDesc\":\"fsservice downloadFile is failed\"}";
    private static final String BROKEN = "{\"resultCode\":\"13\",\"resultDesc\":\"downloadFileStream IOException\"}";
    private static final String BROKEN_TAIL = "\"," + BROKEN.substring(1);

    private FaultyStore store;
    private FaultyLink link;
    private Stage stage;

    /** A service whose store is behind a link that can break; the store is the one of another stage. */
    @BeforeAll
    void start() throws Exception {
        store = new FaultyStore();
        link = store.link();
        stage = impatient(store.settings());
        for (String branch : Stage.BRANCHES) {
            store.put(branch, "hello.txt", Stage.content(40_000));
            store.put(branch, "large.bin", Stage.content(2_000_000));
        }
    }

    @AfterEach
    void heal() {
        link.heal();
    }

    @AfterAll
    void stop() {
        stage.close();
        store.close();
    }

    private static void assertBodyAndHeaders(Answer answer, String body) {
        assertThat(answer.text()).isEqualTo(body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("resultCode")).isEqualTo("13");
        assertThat(answer.header("resultDesc")).isEqualTo(answer.json().get("resultDesc").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void storeThatCannotBeReachedGivesCode13IoException(String branch) throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (Stage alone = impatient(Map.of("filestream.s3.endpoint", "http://127.0.0.1:" + nobody))) {
            assertBodyAndHeaders(alone.api().download(request(branch, "hello.txt")), BROKEN);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void storeThatSaysNothingGivesCode13IoException(Fault fault) {
        link.breakAfter(0, fault);

        assertBodyAndHeaders(stage.api().download(request("standard", "hello.txt")), BROKEN);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void smallFileThatBreaksOffForGoodGivesCode13IoException(Fault fault) {
        link.breakForGood(20_000, fault);

        assertBodyAndHeaders(stage.api().download(request("standard", "hello.txt")), BROKEN);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void largeFileThatBreaksForGoodInItsFirstChunkGivesCode13IoException(Fault fault) {
        link.breakForGood(20_000, fault);

        assertBodyAndHeaders(stage.api().download(request("standard", "large.bin")), BROKEN);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void largeFileThatBreaksForGoodAfterBytesWentOutEndsInValidJsonWithCode13(Fault fault) {
        for (String branch : Stage.BRANCHES) {
            link.breakForGood(1_000_000, fault);

            assertBrokenOff(stage.api().download(request(branch, "large.bin")), Stage.content(2_000_000));
            link.heal();
        }
    }

    @Test
    void largeFileThatLacksItsLastByteIsNoSuccess() throws Exception {
        byte[] content = Stage.content(1_000_000);
        withStub(exchange -> exchange.answerShort(content), stubbed ->
                assertBrokenOff(stubbed.api().download(request("standard", "any")), content));
    }

    private static void assertBrokenOff(Answer answer, byte[] whole) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("resultCode")).isNull();
        assertThat(answer.text()).endsWith(BROKEN_TAIL);
        byte[] received = Base64.getDecoder().decode(answer.json().get("fileStream").asText());
        assertThat(received.length).isPositive().isLessThan(whole.length);
        assertThat(whole).startsWith(received);
    }

    @Test
    void serviceRecoversByItselfWhenTheStoreIsBack() {
        link.breakAfter(0, Fault.RESET);
        assertThat(stage.api().download(request("standard", "hello.txt")).text()).isEqualTo(BROKEN);
        link.heal();

        assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(40_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void bucketThatDoesNotExistGivesCode13(String branch) throws Exception {
        Map<String, Object> settings = new HashMap<>(store.stage().s3().settings());
        settings.put("filestream.storage." + branch + ".bucket", "nowhere");
        try (Stage elsewhere = impatient(settings)) {
            assertBodyAndHeaders(elsewhere.api().download(request(branch, "hello.txt")), REFUSED);
        }
    }

    @Test
    void storeThatDeniesAccessGivesCode13() throws Exception {
        Map<String, Object> settings = new HashMap<>(store.stage().s3().settings());
        settings.put("filestream.s3.secret-key", "wrong");
        try (Stage stranger = impatient(settings)) {
            for (String branch : Stage.BRANCHES) {
                assertBodyAndHeaders(stranger.api().download(request(branch, "hello.txt")), REFUSED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void storeThatFailsAfterRetriesGivesCode13(int status) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        withStub(exchange -> {
            requests.incrementAndGet();
            exchange.answer(status, "<Error><Code>InternalError</Code></Error>");
        }, failing -> {
            assertBodyAndHeaders(failing.api().download(request("standard", "hello.txt")), REFUSED);
            assertThat(requests).hasValue(2);
        });
    }

    /** The bucket is known by then, so that a single-attempt GET is the first of them. */
    @ParameterizedTest
    @CsvSource({"503, 2", "500, 2", "404, 1", "403, 1"})
    void maxAttemptsCountsEveryRequestThatTheStoreGets(int status, int expected) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        AtomicBoolean failing = new AtomicBoolean();
        withStub(exchange -> {
            requests.incrementAndGet();
            if (failing.get()) {
                exchange.answer(status, "<Error><Code>Any</Code></Error>");
            } else {
                exchange.answer(200, "hello");
            }
        }, stubbed -> {
            assertThat(stubbed.api().download(request("standard", "hello.txt")).file()).asString().isEqualTo("hello");
            failing.set(true);
            requests.set(0);

            assertBodyAndHeaders(stubbed.api().download(request("standard", "hello.txt")), REFUSED);
            assertThat(requests).hasValue(expected);
        });
    }

    @Test
    void storeThatAnnouncesNoLengthIsServedExactly() throws Exception {
        withStub(exchange -> exchange.answerInChunks(Stage.content(1_000_000)), chunked ->
                assertThat(chunked.api().download(request("standard", "any")).file())
                        .isEqualTo(Stage.content(1_000_000)));
        withStub(exchange -> exchange.answerInChunks(Stage.content(10)), chunked ->
                assertThat(chunked.api().download(request("standard", "any")).file()).isEqualTo(Stage.content(10)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void branchWithoutItsFolderGivesCode13(String branch) throws Exception {
        try (Stage files = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.storage." + branch + ".root", "gone"))) {
            assertBodyAndHeaders(files.api().download(request(branch, "hello.txt")), REFUSED);
        }
    }

    @Test
    void fileThatIsCutOrChangedWhileItIsReadEndsWithCode13() throws Exception {
        byte[] content = Stage.content(64 * 1024 * 1024);
        try (Stage files = new Stage(Stage.Kind.FILESYSTEM, FaultyStore.IMPATIENT)) {
            assertChangeIsTold(files, content, file -> file.setLength(10_000_000));
            assertChangeIsTold(files, content, file -> file.write(1));
            assertChangeIsTold(files, content, file -> {
                file.seek(file.length());
                file.write(1);
            });
        }
    }

    private interface Change {
        void apply(RandomAccessFile file) throws IOException;
    }

    private static void assertChangeIsTold(Stage files, byte[] content, Change change) throws IOException {
        files.put("standard", "large.bin", content);
        Path path = files.root().resolve("standard/demo/large.bin");
        try (Socket reader = files.api().slowReader(request("standard", "large.bin"))) {
            InputStream in = reader.getInputStream();
            files.api().checkDownload(new String(in.readNBytes(100_000), StandardCharsets.ISO_8859_1));
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                change.apply(file);
            }
            String rest = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(rest.substring(rest.length() - 200)).contains(BROKEN_TAIL).doesNotContain("\"0\"");
        }
    }

    private record StubExchange(HttpExchange http) {

        void answer(int status, String body) {
            write(status, body.getBytes(StandardCharsets.UTF_8), false);
        }

        void answerInChunks(byte[] body) {
            write(200, body, true);
        }

        private void write(int status, byte[] body, boolean chunked) {
            try (OutputStream out = begin(status, chunked ? 0 : body.length)) {
                out.write(body);
            } catch (IOException gone) {
                throw new AssertionError(gone);
            }
        }

        /** Announces all bytes and sends all but one. */
        void answerShort(byte[] body) {
            try {
                begin(200, body.length).write(body, 0, body.length - 1);
                http.getResponseBody().flush();
            } catch (IOException gone) {
                throw new AssertionError(gone);
            } finally {
                http.close();
            }
        }

        private OutputStream begin(int status, long length) throws IOException {
            http.sendResponseHeaders(status, length);
            return http.getResponseBody();
        }
    }

    /** For what a real store cannot be brought to say. */
    private static void withStub(Consumer<StubExchange> stub, Consumer<Stage> test) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> stub.accept(new StubExchange(exchange)));
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (Stage stubbed = impatient(Map.of("filestream.s3.endpoint", endpoint.toString()))) {
            test.accept(stubbed);
        } finally {
            server.stop(0);
        }
    }
}
