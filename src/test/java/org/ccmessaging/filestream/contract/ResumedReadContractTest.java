package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.FILE_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TAIL;
import static org.ccmessaging.filestream.support.Stage.impatient;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
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
import org.ccmessaging.filestream.support.FaultyStore;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.StubStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract section 4.3: a read that breaks resumes at its offset, with the same object or not at all. */
@Tag("service")
class ResumedReadContractTest {

    private static final byte[] SMALL = Stage.content(40_000);
    private static final byte[] LARGE = Stage.content(2_000_000);

    @RegisterExtension
    static final FaultyStore STORE = new FaultyStore();

    @RegisterExtension
    static final StubStore STUB = new StubStore();

    @BeforeAll
    static void putFiles() {
        for (String branch : Stage.BRANCHES) {
            STORE.put(branch, "small.bin", SMALL);
            STORE.put(branch, "large.bin", LARGE);
        }
    }

    private static double reads(Service counted, String outcome) {
        String name = "filestream_reads_resumed_total{outcome=\"" + outcome + "\"} ";
        return counted.management().get("/actuator/prometheus").text().lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst().orElseThrow();
    }

    private static void assertComplete(Answer answer, byte[] content) {
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
        // A silent store takes its read timeout each time, and ends in the same code as one that closes.
        return Stream.concat(Stream.of(Fault.CLOSE, Fault.RESET).flatMap(fault ->
                IntStream.of(2_000, 49_152, 60_000, 1_000_000, 2_000_000).mapToObj(at -> Arguments.of(fault, at))),
                IntStream.of(2_000, 1_000_000).mapToObj(at -> Arguments.of(Fault.SILENCE, at)));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void largeFileWhoseConnectionBreaksOnceArrivesComplete(Fault fault, int at) {
        double before = reads(STORE.service(), "resumed");
        STORE.link().breakOnce(at, fault);

        assertComplete(STORE.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads(STORE.service(), "resumed")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void smallFileWhoseConnectionBreaksOnceArrivesComplete(Fault fault) {
        for (String branch : fault == Fault.SILENCE ? List.of("standard") : Stage.BRANCHES) {
            STORE.link().breakOnce(20_000, fault);

            Answer answer = STORE.api().download(request(branch, "small.bin"));

            assertComplete(answer, SMALL);
            assertThat(answer.header("resultCode")).isEqualTo("0");
        }
    }

    @Test
    void fileWhoseConnectionBreaksAgainAndAgainArrivesComplete() {
        double before = reads(STORE.service(), "resumed");
        STORE.link().breakAfter(300_000, Fault.CLOSE);

        assertComplete(STORE.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads(STORE.service(), "resumed")).isEqualTo(before + 6);
    }

    @Test
    void serviceGivesUpAReadWhoseConnectionBreaksWithoutEnd() {
        double before = reads(STORE.service(), "given-up");
        STORE.link().breakAfter(100_000, Fault.CLOSE);

        int received = assertBrokenOff(STORE.api().download(request("standard", "large.bin")), LARGE);

        assertThat(received).isGreaterThan(900_000);
        assertThat(reads(STORE.service(), "given-up")).isEqualTo(before + 1);
    }

    @Test
    void storeThatIsGoneForGoodEndsTheReadWithCode13() {
        double before = reads(STORE.service(), "given-up");
        STORE.link().breakForGood(1_000_000, Fault.RESET);

        assertBrokenOff(STORE.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads(STORE.service(), "given-up")).isEqualTo(before + 1);
    }

    @Test
    void brokenReadsReleaseTheirConnections() throws Exception {
        Map<String, Object> settings = new HashMap<>(STORE.settings());
        settings.put("filestream.s3.max-connections", "1");
        try (Stage alone = impatient(settings)) {
            for (int i = 0; i < 2; i++) {
                STORE.link().breakOnce(1_000_000, Fault.SILENCE);
                assertComplete(alone.api().download(request("standard", "large.bin")), LARGE);
            }
            STORE.link().breakForGood(1_000_000, Fault.RESET);
            assertBrokenOff(alone.api().download(request("standard", "large.bin")), LARGE);
            STORE.link().heal();
            assertComplete(alone.api().download(request("standard", "large.bin")), LARGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"2000000", "1500000", "2500000"})
    void objectThatIsReplacedWhileItIsReadIsNeverMixed(int newLength) {
        byte[] replacement = new byte[newLength];
        STORE.put("standard", "replaced.bin", LARGE);
        STORE.link().breakOnce(1_000_000, Fault.RESET, () -> STORE.put("standard", "replaced.bin", replacement));

        assertBrokenOff(STORE.api().download(request("standard", "replaced.bin")), LARGE);
        assertComplete(STORE.api().download(request("standard", "replaced.bin")), replacement);
    }

    @Test
    void readerSoSlowThatTheStoreHangsUpGetsTheCompleteFile() throws Exception {
        byte[] content = Stage.content(32 * 1024 * 1024);
        STORE.put("standard", "slow.bin", content);
        double before = reads(STORE.service(), "resumed");
        byte[] answer;
        try (InputStream in = STORE.api().downloadStream(request("standard", "slow.bin"))) {
            byte[] head = in.readNBytes(100_000);
            STORE.link().drop();
            byte[] rest = in.readAllBytes();
            answer = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, answer, head.length, rest.length);
        }

        assertThat(reads(STORE.service(), "resumed")).isEqualTo(before + 1);
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        assertThat(text.substring(text.length() - 50)).endsWith(FILE_TAIL);
        byte[] file = Base64.getDecoder().decode(
                text.substring(FILE_HEAD.length(), text.indexOf('"', FILE_HEAD.length())));
        assertThat(Arrays.equals(file, content)).as("the file is complete").isTrue();
    }

    /** A store that breaks off a file in its middle, and whose response to the request for the rest is odd. */
    private static final class OddStore implements StubStore.Response {

        private static final byte[] CONTENT = Stage.content(1_000_000);
        private static final int SENT = 400_000;
        private static final String ETAG = "\"one\"";

        private final List<Headers> resumptions = new CopyOnWriteArrayList<>();
        private final String etag;
        private final String checksum;
        private final Rest rest;

        /** Responds to a request for the rest, which starts at {@code from}. */
        interface Rest {
            void to(HttpExchange http, int from) throws IOException;
        }

        OddStore(String etag, String checksum, Rest rest) {
            this.etag = etag;
            this.checksum = checksum;
            this.rest = rest;
        }

        @Override
        public void to(HttpExchange http) throws IOException {
            String range = http.getRequestHeaders().getFirst("Range");
            if (range != null) {
                resumptions.add(http.getRequestHeaders());
                rest.to(http, Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1")));
                return;
            }
            if (etag != null) {
                http.getResponseHeaders().set("ETag", etag);
            }
            if (checksum != null) {
                http.getResponseHeaders().set("x-amz-checksum-crc32c", checksum);
            }
            StubStore.startOf(CONTENT, SENT).to(http);
        }

        /** What the service makes of it. */
        Answer download() {
            STUB.respond(this);
            return STUB.api().download(request("standard", "any"));
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
                rest("the complete object", (http, from) -> OddStore.send(http, 200, OddStore.ETAG, null, 0)),
                rest("the rest as a complete object", (http, from) ->
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
    void responseThatIsNotTheRestOfTheSameObjectEndsTheReadWithCode13(String what, OddStore.Rest rest) {
        double before = reads(STUB.service(), "given-up");
        OddStore odd = new OddStore(OddStore.ETAG, null, rest);

        assertThat(assertBrokenOff(odd.download(), OddStore.CONTENT)).isPositive();
        assertThat(odd.resumptions).singleElement().satisfies(request -> {
            assertThat(request.getFirst("Range")).isEqualTo("bytes=" + OddStore.SENT + "-");
            assertThat(request.getFirst("If-Match")).isEqualTo(OddStore.ETAG);
        });
        assertThat(reads(STUB.service(), "given-up")).isEqualTo(before + 1);
    }

    @Test
    void storeThatBreaksOffBeforeTheFirstByteOfTheRestGetsThreeRequestsForIt() {
        OddStore odd = new OddStore(OddStore.ETAG, null, (http, from) -> {
            http.getResponseHeaders().set("ETag", OddStore.ETAG);
            http.getResponseHeaders().set("Content-Range", OddStore.range(from));
            http.sendResponseHeaders(206, OddStore.CONTENT.length - from);
            http.getResponseBody().flush();
        });

        assertBrokenOff(odd.download(), OddStore.CONTENT);
        assertThat(odd.resumptions).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(value = {"NONE", "W/\"one\""}, nullValues = "NONE")
    void objectThatItsEtagDoesNotTellApartIsNotResumed(String etag) {
        OddStore odd = new OddStore(etag, null, (http, from) ->
                OddStore.send(http, 206, String.valueOf(etag), OddStore.range(from), from));

        assertBrokenOff(odd.download(), OddStore.CONTENT);
        assertThat(odd.resumptions).isEmpty();
    }

    /** As Amazon does: where a request for a range asks for an appended checksum, its response has status 200. */
    @Test
    void requestForTheRestAsksForNoChecksumSinceThatWouldHideItsRange() {
        OddStore odd = new OddStore(OddStore.ETAG, null, (http, from) -> {
            if (http.getRequestHeaders().containsKey("x-amz-te")) {
                http.getResponseHeaders().set("x-amz-content-range", OddStore.range(from));
                OddStore.send(http, 200, OddStore.ETAG, null, from);
            } else {
                OddStore.send(http, 206, OddStore.ETAG, OddStore.range(from), from);
            }
        });

        assertComplete(odd.download(), OddStore.CONTENT);
    }

    private static OddStore storeWithChecksum(String checksum) {
        return new OddStore(OddStore.ETAG, checksum, (http, from) ->
                OddStore.send(http, 206, OddStore.ETAG, OddStore.range(from), from));
    }

    private static String crc32c(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"OF-THE-CONTENT", "OF-PARTS=-2"})
    void resumedReadOfAnObjectWithItsChecksumArrivesComplete(String checksum) {
        String sent = checksum.equals("OF-THE-CONTENT") ? crc32c(OddStore.CONTENT) : checksum;

        assertComplete(storeWithChecksum(sent).download(), OddStore.CONTENT);
    }

    @Test
    void resumedReadWhoseBytesDoNotHaveTheChecksumOfTheObjectIsNoSuccess() {
        double before = reads(STUB.service(), "given-up");
        byte[] other = OddStore.CONTENT.clone();
        other[0]++;
        OddStore odd = storeWithChecksum(crc32c(other));

        assertBrokenOff(odd.download(), OddStore.CONTENT);
        assertThat(odd.resumptions).hasSize(1);
        assertThat(reads(STUB.service(), "given-up")).isEqualTo(before + 1);
    }
}
