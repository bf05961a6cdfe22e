package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;
import static org.ccmessaging.filestream.support.Stage.impatient;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyLink.Fault;
import org.ccmessaging.filestream.support.FaultyStore;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.StubStore;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract sections 4.1 and 4.3: a store that refuses, is unreachable or breaks off for good is never a success. */
@Tag("service")
class StorageFaultContractTest {

    @RegisterExtension
    static final FaultyStore STORE = new FaultyStore();

    @RegisterExtension
    static final StubStore STUB = new StubStore();

    @BeforeAll
    static void putFiles() {
        for (String branch : Stage.BRANCHES) {
            STORE.put(branch, "hello.txt", Stage.content(40_000));
            STORE.put(branch, "large.bin", Stage.content(2_000_000));
        }
    }

    private static void assertBodyAndHeaders(Answer answer, String body) {
        assertThat(answer.text()).isEqualTo(body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("resultCode")).isEqualTo("13");
        assertThat(answer.header("resultDesc")).isEqualTo(answer.json().get("resultDesc").asText());
    }

    /** Settings that are the same for each branch. */
    private static Map<String, Object> ofBranches(String name, String value) {
        return Stage.BRANCHES.stream().collect(
                Collectors.toMap(branch -> "filestream.storage." + branch + "." + name, branch -> value));
    }

    @Test
    void storeThatCannotBeReachedGivesCode13IoException() throws Exception {
        try (Socket nobody = new Socket()) {
            // It has the port, and does not listen.
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (Stage alone = impatient(Map.of(
                    "filestream.s3.endpoint", "http://127.0.0.1:" + nobody.getLocalPort()))) {
                for (String branch : Stage.BRANCHES) {
                    assertBodyAndHeaders(alone.api().download(request(branch, "hello.txt")), READ_BROKEN);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void storeThatSaysNothingGivesCode13IoException(Fault fault) {
        STORE.link().breakAfter(0, fault);

        assertBodyAndHeaders(STORE.api().download(request("standard", "hello.txt")), READ_BROKEN);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void smallFileThatBreaksOffForGoodGivesCode13IoException(Fault fault) {
        STORE.link().breakForGood(20_000, fault);

        assertBodyAndHeaders(STORE.api().download(request("standard", "hello.txt")), READ_BROKEN);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void largeFileThatBreaksForGoodInItsFirstChunkGivesCode13IoException(Fault fault) {
        STORE.link().breakForGood(20_000, fault);

        assertBodyAndHeaders(STORE.api().download(request("standard", "large.bin")), READ_BROKEN);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void largeFileThatBreaksForGoodAfterBytesWentOutEndsInValidJsonWithCode13(Fault fault) {
        // All branches read by one route, and each attempt takes the read timeout of a silent store.
        for (String branch : fault == Fault.SILENCE ? List.of("standard") : Stage.BRANCHES) {
            STORE.link().breakForGood(1_000_000, fault);

            assertBrokenOff(STORE.api().download(request(branch, "large.bin")), Stage.content(2_000_000));
            STORE.link().heal();
        }
    }

    @Test
    void largeFileThatLacksItsLastByteIsNoSuccess() {
        byte[] content = Stage.content(1_000_000);
        STUB.respond(StubStore.startOf(content, content.length - 1));

        assertBrokenOff(STUB.api().download(request("standard", "any")), content);
    }

    private static void assertBrokenOff(Answer answer, byte[] complete) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("resultCode")).isNull();
        assertThat(answer.text()).endsWith(BROKEN_TAIL);
        byte[] received = Base64.getDecoder().decode(answer.json().get("fileStream").asText());
        assertThat(received.length).isPositive().isLessThan(complete.length);
        assertThat(complete).startsWith(received);
    }

    @Test
    void serviceRecoversByItselfWhenTheStoreIsBack() {
        STORE.link().breakAfter(0, Fault.RESET);
        assertThat(STORE.api().download(request("standard", "hello.txt")).text()).isEqualTo(READ_BROKEN);
        STORE.link().heal();

        assertThat(STORE.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(40_000));
    }

    @Test
    void bucketThatDoesNotExistGivesCode13() throws Exception {
        Map<String, Object> settings = new HashMap<>(STORE.directSettings());
        settings.putAll(ofBranches("bucket", "nowhere"));
        try (Stage elsewhere = impatient(settings)) {
            for (String branch : Stage.BRANCHES) {
                assertBodyAndHeaders(elsewhere.api().download(request(branch, "hello.txt")), FILE_SERVICE_REFUSED);
            }
        }
    }

    @Test
    void storeThatDeniesAccessGivesCode13() throws Exception {
        Map<String, Object> settings = new HashMap<>(STORE.directSettings());
        settings.put("filestream.s3.secret-key", "wrong");
        try (Stage stranger = impatient(settings)) {
            for (String branch : Stage.BRANCHES) {
                assertBodyAndHeaders(stranger.api().download(request(branch, "hello.txt")), FILE_SERVICE_REFUSED);
            }
        }
    }

    /** No other test uses these branches of the stub, so the service does not know their buckets. */
    @ParameterizedTest
    @CsvSource({"500, local", "503, multimedia-library"})
    void storeThatFailsAfterRetriesGivesCode13(int status, String branch) {
        AtomicInteger requests = new AtomicInteger();
        STUB.respond(http -> {
            requests.incrementAndGet();
            StubStore.error(status, "InternalError").to(http);
        });

        assertBodyAndHeaders(STUB.api().download(request(branch, "hello.txt")), FILE_SERVICE_REFUSED);
        assertThat(requests).hasValue(2);
    }

    /** The first download makes the bucket known, so the first request of the second one is a single-attempt GET. */
    @ParameterizedTest
    @CsvSource({"503, 2", "500, 2", "404, 1", "403, 1"})
    void maxAttemptsCountsEveryRequestThatTheStoreGets(int status, int expected) {
        STUB.respond(StubStore.object("hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(STUB.api().download(request("standard", "hello.txt")).file()).asString().isEqualTo("hello");
        AtomicInteger requests = new AtomicInteger();
        STUB.respond(http -> {
            requests.incrementAndGet();
            StubStore.error(status, "Any").to(http);
        });

        assertBodyAndHeaders(STUB.api().download(request("standard", "hello.txt")), FILE_SERVICE_REFUSED);
        assertThat(requests).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000_000})
    void storeThatAnnouncesNoLengthIsServedExactly(int length) {
        STUB.respond(StubStore.objectInChunks(Stage.content(length)));

        assertThat(STUB.api().download(request("standard", "any")).file()).isEqualTo(Stage.content(length));
    }

    @Test
    void branchWithoutItsFolderGivesCode13() throws Exception {
        try (Stage files = new Stage(Stage.Kind.FILESYSTEM, ofBranches("root", "gone"))) {
            for (String branch : Stage.BRANCHES) {
                assertBodyAndHeaders(files.api().download(request(branch, "hello.txt")), FILE_SERVICE_REFUSED);
            }
        }
    }

    @Test
    void fileThatIsCutOrChangedWhileItIsReadEndsWithCode13() throws Exception {
        byte[] content = Stage.content(36 * 1024 * 1024);
        try (Stage files = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-file-size", "200MB"))) {
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
}
