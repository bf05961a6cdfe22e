package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reliability.FaultMatrix;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Contract sections 4.1 and 4.3: a store that refuses, is unreachable or breaks off for good is never a success. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "Response rejected")
class StorageFaultContractTest {

    @AutoClose
    private static FaultMatrix matrix;

    @BeforeAll
    static void start() throws Exception {
        // The threads and files of this process are also those of the store and of the clients.
        matrix = new FaultMatrix(Stage::impatient, 10_000);
    }

    @TestFactory
    Stream<DynamicTest> storeThatFailsGivesItsRowOrTheExactFile() throws InterruptedException {
        return matrix.tests(FaultMatrix.FEW_SIZES);
    }

    private static void assertEveryBranchGives(String body, Stage stage) {
        for (String branch : Stage.BRANCHES) {
            Answer answer = stage.api().download(request(branch, "hello.txt"));
            assertThat(answer.text()).isEqualTo(body);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("resultCode")).isEqualTo("13");
            assertThat(answer.header("resultDesc")).isEqualTo(answer.json().get("resultDesc").asText());
        }
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
            try (Stage alone = Stage.impatient(Map.of(
                    "filestream.s3.endpoint", "http://127.0.0.1:" + nobody.getLocalPort()))) {
                assertEveryBranchGives(READ_BROKEN, alone);
            }
        }
    }

    @Test
    void bucketThatDoesNotExistGivesCode13() throws Exception {
        try (Stage elsewhere = new Stage(Stage.Kind.S3, ofBranches("bucket", "nowhere"))) {
            assertEveryBranchGives(FILE_SERVICE_REFUSED, elsewhere);
        }
    }

    @Test
    void storeThatDeniesAccessGivesCode13() throws Exception {
        try (Stage stranger = new Stage(Stage.Kind.S3, Map.of("filestream.s3.secret-key", "wrong"))) {
            assertEveryBranchGives(FILE_SERVICE_REFUSED, stranger);
        }
    }

    @Test
    void branchWithoutItsFolderGivesCode13() throws Exception {
        try (Stage files = new Stage(Stage.Kind.FILESYSTEM, ofBranches("root", "gone"))) {
            assertEveryBranchGives(FILE_SERVICE_REFUSED, files);
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
