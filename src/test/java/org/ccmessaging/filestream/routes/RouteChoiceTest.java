package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.apache.camel.test.spring.junit5.DisableJmx;
import org.apache.camel.test.spring.junit5.UseAdviceWith;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.response.Made;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The two choices of {@code download-file-stream}: where the file is, and how it is encoded. */
@CamelSpringBootTest
@SpringBootTest(classes = FileStreamApplication.class, properties = {
    "server.port=0", "management.server.port=0", "filestream.auth.signing-key=" + Service.SIGNING_KEY,
    "filestream.storage.multimedia-library.type=filesystem", "filestream.storage.standard.type=filesystem"})
@UseAdviceWith
@DisableJmx(false)
class RouteChoiceTest {

    private static final List<String> WATCHED = List.of("to-storage-local", "to-storage-multimedia-library",
            "to-storage-standard", "encode-in-memory", "encode-stream");

    @TempDir
    private static Path root;

    private final CamelContext context;
    private final ProducerTemplate client;

    RouteChoiceTest(@Autowired CamelContext context, @Autowired ProducerTemplate client) {
        this.context = context;
        this.client = client;
    }

    @DynamicPropertySource
    static void storage(DynamicPropertyRegistry registry) {
        for (String branch : Stage.BRANCHES) {
            registry.add("filestream.storage." + branch + ".root", () -> root.resolve(branch).toString());
        }
    }

    @BeforeEach
    void watchSteps() throws Exception {
        if (!context.isStarted()) {
            AdviceWith.adviceWith(context, "download-file-stream", route -> {
                route.replaceFromWith("direct:download");
                route.weaveById("authenticate").replace().process(exchange -> {
                    Proved.tenant(exchange, "demo");
                });
                for (String step : WATCHED) {
                    route.weaveById(step).before().to("mock:" + step);
                }
            });
            context.start();
        }
        MockEndpoint.resetMocks(context);
    }

    private Message download(String body) {
        return client.request("direct:download", exchange -> exchange.getMessage().setBody(
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))).getMessage();
    }

    private static void store(String branch, String name, int length) throws Exception {
        Path file = root.resolve(branch).resolve("demo").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, Stage.content(length));
    }

    private List<String> stepsTaken() {
        return WATCHED.stream()
                .filter(step -> context.getEndpoint("mock:" + step, MockEndpoint.class).getReceivedCounter() > 0)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "local/a.txt,            ,           to-storage-local",
        "local/a.txt,            multiMedia, to-storage-local",
        "local/,                 multiMedia, to-storage-local",
        "local/local/a.txt,      ,           to-storage-local",
        "117,                    multiMedia, to-storage-multimedia-library",
        "Local/a.txt,            multiMedia, to-storage-multimedia-library",
        "a/local/b,              multiMedia, to-storage-multimedia-library",
        "a.txt,                  ,           to-storage-standard",
        "a.txt,                  '',         to-storage-standard",
        "Local/a.txt,            ,           to-storage-standard",
        "local,                  ,           to-storage-standard",
        "localities/a.txt,       ,           to-storage-standard",
        "/local/a.txt,           ,           to-storage-standard",
        "' local/a.txt',         ,           to-storage-standard",
        "multiMedia,             ,           to-storage-standard"})
    void fileIdAndMultiMediaDecideTheBranch(String fileId, String multiMedia, String step) {
        download(request(fileId, "txt", multiMedia));

        assertThat(stepsTaken()).containsExactly(step);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = " ")
    void fileIdThatIsAbsentGoesToStandardStorageWhichHasNoKeyForIt(String fileId) {
        Message answer = download(request(fileId, "txt", null));

        assertThat(stepsTaken()).containsExactly("to-storage-standard");
        assertThat(Made.text(answer)).isEqualTo(OBJECT_KEY_MISSING);
    }

    @Test
    void fileIdThatIsAnExpressionIsComparedAndNotEvaluated() {
        download(request("${variable.request.multiMedia}", "txt", "multiMedia"));
        download(request("${variable.tenantId}", "txt", null));

        assertThat(stepsTaken()).containsExactly("to-storage-multimedia-library", "to-storage-standard");
    }

    @Test
    void refusedRequestReachesNoStorage() {
        download("{}");
        download(request("a.txt", "exe", null));
        download(request("a.txt", "txt", "other"));

        assertThat(stepsTaken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16_383, 16_384})
    void fileUpToTheBufferLimitIsEncodedInMemory(int length) throws Exception {
        store("standard", "small.bin", length);

        Message answer = download(request("small.bin", "txt", null));

        assertThat(stepsTaken()).containsExactly("to-storage-standard", "encode-in-memory");
        assertThat(Made.response(answer).body().length()).isGreaterThan(length);
        assertThat(Made.outcome(answer).resultCode()).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(ints = {16_385, 49_151, 49_152})
    void fileThatFitsIntoOneChunkIsEncodedWhileItIsSentWithLengthAndCode(int length) throws Exception {
        store("standard", "medium.bin", length);

        Message answer = download(request("medium.bin", "txt", null));

        assertThat(stepsTaken()).containsExactly("to-storage-standard", "encode-stream");
        assertThat(Made.response(answer).body().length())
                .isEqualTo("{'fileStream':'','resultCode':'0'}".length() + (length + 2) / 3 * 4);
        assertThat(Made.outcome(answer).resultCode()).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void fileAboveTheBufferLimitIsEncodedWhileItIsSentWhateverTheBranch(String branch) throws Exception {
        store(branch, "large.bin", 49_153);

        Message answer = download(request(branch, "large.bin"));

        assertThat(stepsTaken()).containsExactly("to-storage-" + branch, "encode-stream");
        assertThat(Made.outcome(answer)).isNull();
    }

    @Test
    void fileThatIsEmptyOrMissingIsNotEncoded() throws Exception {
        store("standard", "empty.bin", 0);

        download(request("empty.bin", "txt", null));
        download(request("missing.bin", "txt", null));

        assertThat(stepsTaken()).containsExactly("to-storage-standard");
    }

    @Test
    void routeToTheS3StoreIsLeftOutWhereNoBranchNeedsIt() {
        assertThat(context.getRoute("read-s3")).isNull();
        assertThat(context.getRoute("read-filesystem")).isNotNull();
    }
}
