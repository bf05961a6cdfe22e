package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.FaultyStore.impatient;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract section 4.3: a read that breaks goes on where it was, with the same object or not at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumedReadContractTest {

    private static final String BROKEN_TAIL =
            "\",\"resultCode\":\"13\",\"resultDesc\":\"downloadFileStream IOException\"}";
    private static final byte[] SMALL = Stage.content(40_000);
    private static final byte[] LARGE = Stage.content(2_000_000);

    private FaultyStore store;
    private FaultyLink link;
    private Stage stage;
    private OddStore odd;
    private Stage oddStage;

    @BeforeAll
    void start() throws Exception {
        store = new FaultyStore();
        link = store.link();
        stage = impatient(store.settings());
        for (String branch : Stage.BRANCHES) {
            store.put(branch, "small.bin", SMALL);
            store.put(branch, "large.bin", LARGE);
        }
        odd = new OddStore();
        oddStage = impatient(Map.of("filestream.s3.endpoint", odd.endpoint()));
    }

    @AfterEach
    void heal() {
        link.heal();
    }

    @AfterAll
    void stop() {
        stage.close();
        store.close();
        oddStage.close();
        odd.close();
    }

    private static double reads(Stage counted, String outcome) {
        String name = "filestream_reads_resumed_total{outcome=\"" + outcome + "\"} ";
        return counted.service().management().get("/actuator/prometheus").text().lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst().orElseThrow();
    }

    private static void assertWhole(Answer answer, byte[] content) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("resultCode").asText()).isEqualTo("0");
        assertThat(answer.file()).isEqualTo(content);
    }

    /** @return how many bytes were received; they are the file's first */
    private static int assertBrokenOff(Answer answer, byte[] content) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).endsWith(BROKEN_TAIL);
        byte[] received = Base64.getDecoder().decode(answer.json().get("fileStream").asText());
        assertThat(received.length).isLessThan(content.length);
        assertThat(received).isEqualTo(Arrays.copyOf(content, received.length));
        return received.length;
    }

    private static Stream<Arguments> breaks() {
        return Stream.of(Fault.CLOSE, Fault.RESET, Fault.SILENCE).flatMap(fault ->
                IntStream.of(2_000, 49_152, 60_000, 1_000_000, 2_000_000).mapToObj(at -> Arguments.of(fault, at)));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void largeFileWhoseConnectionBreaksOnceArrivesWhole(Fault fault, int at) {
        double before = reads(stage, "resumed");
        link.breakOnce(at, fault);

        assertWhole(stage.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads(stage, "resumed")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void smallFileWhoseConnectionBreaksOnceArrivesWhole(Fault fault) {
        for (String branch : Stage.BRANCHES) {
            link.breakOnce(20_000, fault);

            Answer answer = stage.api().download(request(branch, "small.bin"));

            assertWhole(answer, SMALL);
            assertThat(answer.header("resultCode")).isEqualTo("0");
        }
    }

    @Test
    void fileWhoseConnectionBreaksAgainAndAgainArrivesWhole() {
        double before = reads(stage, "resumed");
        link.breakAfter(300_000, Fault.CLOSE);

        assertWhole(stage.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads(stage, "resumed")).isEqualTo(before + 6);
    }

    @Test
    void fileWhoseConnectionBreaksWithoutEndIsGivenUp() {
        double before = reads(stage, "given-up");
        link.breakAfter(100_000, Fault.CLOSE);

        int received = assertBrokenOff(stage.api().download(request("standard", "large.bin")), LARGE);

        assertThat(received).isGreaterThan(900_000);
        assertThat(reads(stage, "given-up")).isEqualTo(before + 1);
    }

    @Test
    void storeThatIsGoneForGoodEndsTheReadWithCode13() {
        double before = reads(stage, "given-up");
        link.breakForGood(1_000_000, Fault.RESET);

        assertBrokenOff(stage.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads(stage, "given-up")).isEqualTo(before + 1);
    }

    @Test
    void connectionsOfBrokenReadsAreGivenBack() throws Exception {
        Map<String, Object> settings = new HashMap<>(store.settings());
        settings.put("filestream.s3.max-connections", "1");
        try (Stage alone = impatient(settings)) {
            for (int i = 0; i < 3; i++) {
                link.breakOnce(1_000_000, Fault.SILENCE);
                assertWhole(alone.api().download(request("standard", "large.bin")), LARGE);
            }
            link.breakForGood(1_000_000, Fault.RESET);
            assertBrokenOff(alone.api().download(request("standard", "large.bin")), LARGE);
            link.heal();
            assertWhole(alone.api().download(request("standard", "large.bin")), LARGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"2000000", "1500000", "2500000"})
    void objectThatIsReplacedWhileItIsReadIsNeverMixed(int newLength) {
        byte[] replacement = new byte[newLength];
        store.put("standard", "replaced.bin", LARGE);
        link.breakOnce(1_000_000, Fault.RESET, () -> store.put("standard", "replaced.bin", replacement));

        assertBrokenOff(stage.api().download(request("standard", "replaced.bin")), LARGE);
        assertWhole(stage.api().download(request("standard", "replaced.bin")), replacement);
    }

    @Test
    void readerSoSlowThatTheStoreHangsUpGetsTheWholeFile() throws Exception {
        byte[] content = Stage.content(32 * 1024 * 1024);
        store.put("standard", "slow.bin", content);
        double before = reads(stage, "resumed");
        byte[] answer;
        try (InputStream in = stage.api().downloadStream(request("standard", "slow.bin"))) {
            byte[] head = in.readNBytes(100_000);
            link.drop();
            byte[] rest = in.readAllBytes();
            answer = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, answer, head.length, rest.length);
        }

        assertThat(reads(stage, "resumed")).isEqualTo(before + 1);
        String prefix = "{\"fileStream\":\"";
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        assertThat(text.substring(text.length() - 50)).endsWith("\",\"resultCode\":\"0\"}");
        byte[] file = Base64.getDecoder().decode(text.substring(prefix.length(), text.indexOf('"', prefix.length())));
        assertThat(Arrays.equals(file, content)).as("the file, whole").isTrue();
    }

    /** A store that breaks off a file in its middle, and says something odd when it is asked for the rest. */
    private static final class OddStore implements AutoCloseable {

        private static final byte[] CONTENT = Stage.content(1_000_000);
        private static final int SENT = 400_000;
        private static final String ETAG = "\"one\"";

        private final HttpServer server;
        private final List<Headers> asked = new CopyOnWriteArrayList<>();
        private volatile Rest rest;
        private volatile String etag;
        private volatile String checksum;

        /** Answers what was asked for the rest; {@code from} is where it was to begin. */
        interface Rest {
            void answer(HttpExchange http, int from) throws IOException;
        }

        OddStore() throws IOException {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        String endpoint() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        private void answer(HttpExchange http) throws IOException {
            String range = http.getRequestHeaders().getFirst("Range");
            try {
                if (range != null) {
                    asked.add(http.getRequestHeaders());
                    rest.answer(http, Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1")));
                    return;
                }
                if (etag != null) {
                    http.getResponseHeaders().set("ETag", etag);
                }
                if (checksum != null) {
                    http.getResponseHeaders().set("x-amz-checksum-crc32c", checksum);
                }
                http.sendResponseHeaders(200, CONTENT.length);
                http.getResponseBody().write(CONTENT, 0, SENT);
                http.getResponseBody().flush();
            } finally {
                http.close();
            }
        }

        static void send(HttpExchange http, int status, String etag, String range, int from) throws IOException {
            http.getResponseHeaders().set("ETag", etag);
            if (range != null) {
                http.getResponseHeaders().set("Content-Range", range);
            }
            http.sendResponseHeaders(status, CONTENT.length - from);
            http.getResponseBody().write(CONTENT, from, CONTENT.length - from);
        }

        static String range(int from) {
            return "bytes " + from + "-999999/1000000";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private Answer downloadFromOddStore(String etag, OddStore.Rest rest) {
        return downloadFromOddStore(etag, null, rest);
    }

    private Answer downloadFromOddStore(String etag, String checksum, OddStore.Rest rest) {
        odd.asked.clear();
        odd.etag = etag;
        odd.checksum = checksum;
        odd.rest = rest;
        return oddStage.api().download(request("standard", "any"));
    }

    private static Arguments rest(String what, OddStore.Rest rest) {
        return Arguments.of(what, rest);
    }

    private static Stream<Arguments> notTheRest() {
        return Stream.of(
                rest("403", (http, from) -> http.sendResponseHeaders(403, -1)),
                rest("404", (http, from) -> http.sendResponseHeaders(404, -1)),
                rest("412", (http, from) -> http.sendResponseHeaders(412, -1)),
                rest("416", (http, from) -> http.sendResponseHeaders(416, -1)),
                rest("304", (http, from) -> http.sendResponseHeaders(304, -1)),
                rest("the whole", (http, from) -> OddStore.send(http, 200, OddStore.ETAG, null, 0)),
                rest("the rest as a whole", (http, from) ->
                        OddStore.send(http, 200, OddStore.ETAG, OddStore.range(from), from)),
                rest("no range", (http, from) -> OddStore.send(http, 206, OddStore.ETAG, null, from)),
                rest("another range", (http, from) ->
                        OddStore.send(http, 206, OddStore.ETAG, OddStore.range(from - 3), from - 3)),
                rest("another length", (http, from) ->
                        OddStore.send(http, 206, OddStore.ETAG, "bytes " + from + "-999999/1000001", from)),
                rest("another object", (http, from) ->
                        OddStore.send(http, 206, "\"two\"", OddStore.range(from), from)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notTheRest")
    void answerThatIsNotTheRestOfTheSameObjectEndsTheReadWithCode13(String what, OddStore.Rest rest) {
        double before = reads(oddStage, "given-up");

        assertThat(assertBrokenOff(downloadFromOddStore(OddStore.ETAG, rest), OddStore.CONTENT)).isPositive();
        assertThat(odd.asked).singleElement().satisfies(request -> {
            assertThat(request.getFirst("Range")).isEqualTo("bytes=" + OddStore.SENT + "-");
            assertThat(request.getFirst("If-Match")).isEqualTo(OddStore.ETAG);
        });
        assertThat(reads(oddStage, "given-up")).isEqualTo(before + 1);
    }

    @Test
    void storeThatBreaksOffBeforeTheFirstByteOfTheRestIsAskedThreeTimes() {
        assertBrokenOff(downloadFromOddStore(OddStore.ETAG, (http, from) -> {
            http.getResponseHeaders().set("ETag", OddStore.ETAG);
            http.getResponseHeaders().set("Content-Range", OddStore.range(from));
            http.sendResponseHeaders(206, OddStore.CONTENT.length - from);
            http.getResponseBody().flush();
        }), OddStore.CONTENT);

        assertThat(odd.asked).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(value = {"NONE", "W/\"one\""}, nullValues = "NONE")
    void objectThatItsEtagDoesNotTellApartIsNotResumed(String etag) {
        assertBrokenOff(downloadFromOddStore(etag, (http, from) ->
                OddStore.send(http, 206, String.valueOf(etag), OddStore.range(from), from)), OddStore.CONTENT);

        assertThat(odd.asked).isEmpty();
    }

    /** As Amazon does: a request for an appended checksum makes the answer to a request for a range a 200. */
    @Test
    void restIsAskedForWithoutAChecksumSinceThatWouldHideItsRange() {
        assertWhole(downloadFromOddStore(OddStore.ETAG, (http, from) -> {
            if (http.getRequestHeaders().containsKey("x-amz-te")) {
                http.getResponseHeaders().set("x-amz-content-range", OddStore.range(from));
                OddStore.send(http, 200, OddStore.ETAG, null, from);
            } else {
                OddStore.send(http, 206, OddStore.ETAG, OddStore.range(from), from);
            }
        }), OddStore.CONTENT);
    }

    private static String crc32c(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"OF-THE-CONTENT", "OF-PARTS=-2"})
    void resumedReadOfAnObjectWithItsChecksumArrivesWhole(String checksum) {
        String sent = checksum.equals("OF-THE-CONTENT") ? crc32c(OddStore.CONTENT) : checksum;

        assertWhole(downloadFromOddStore(OddStore.ETAG, sent, (http, from) ->
                OddStore.send(http, 206, OddStore.ETAG, OddStore.range(from), from)), OddStore.CONTENT);
    }

    @Test
    void resumedReadWithOtherBytesThanTheChecksumOfTheWholeStandsForIsNoSuccess() {
        double before = reads(oddStage, "given-up");
        byte[] other = OddStore.CONTENT.clone();
        other[0]++;

        assertBrokenOff(downloadFromOddStore(OddStore.ETAG, crc32c(other), (http, from) ->
                OddStore.send(http, 206, OddStore.ETAG, OddStore.range(from), from)), OddStore.CONTENT);
        assertThat(odd.asked).hasSize(1);
        assertThat(reads(oddStage, "given-up")).isEqualTo(before + 1);
    }
}
