package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.Example;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/** The service that runs the tests of authors: its settings, which the documents name, and steps that call others. */
@Tag("service")
class TestServiceTest {

    /** A test that expects anything else fails too, and would not tell why. */
    @Test
    void testThatFailsSinceAStepIsNotMockedNamesTheStep(@TempDir Path folder) throws IOException {
        OwnRoutes routes = new OwnRoutes(folder);
        routes.add("read-stream", Example.newFile("read-files-from-an-http-server"));
        routes.add("download-ended", """
                - route:
                    id: download-ended
                    description: Tells a webhook.
                    from: { id: ended, description: A download., uri: "direct:download-ended", steps: [
                      { to: { id: tell-webhook, description: Tells., uri: "http://127.0.0.1:9/told" } } ] }
                    routeConfigurationId: result-codes
                """);
        routes.replace("storage-local", "        - process:\n", """
                \s       - to:
                \s           id: scan
                \s           description: Asks whether the file is clean.
                \s           uri: http://127.0.0.1:9/verdict
                \s           variableReceive: verdict
                \s       - process:
                """);
        List<Result> results = new ArrayList<>();
        new Suite(FileStreamApplication.class, RouteFiles.read(folder), Map.of("filestream.routes.hosts", "127.0.0.1:9",
                "filestream.storage.standard.type", "stream", "filestream.storage.standard.address",
                "http://127.0.0.1:9/files"), false).run(TestFiles.parse(Map.of(Path.of("own.test.yaml"), """
                - test: a scan
                  request: { fileId: local/a.txt }
                  expect: { resultCode: "0", steps: [scan] }
                - test: another server
                  request: { fileId: a.txt }
                  expect: { resultCode: "0" }
                - test: a mocked scan and no file
                  mock: { scan: { body: clean } }
                  request: { fileId: local/a.txt }
                  expect: { resultCode: "0" }
                """.getBytes())), results::add);

        assertThat(results).extracting(result -> result.mismatches().get(0).what())
                .containsExactly("step scan is not mocked", "step request-stream is not mocked", "resultCode");
        assertThat(results).allSatisfy(result -> assertThat(result.mismatches()).hasSize(1));
        assertThat(results.get(0).lines()).startsWith("FAILED  a scan", "own.test.yaml:1:3  step scan is not mocked",
                "    - mock: {scan: …}").element(3).asString().contains("+ ", "refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"filestream.download.first-byte-timeout", "filestream.download.stall-timeout",
        "filestream.s3.read-timeout", "filestream.s3.max-attempts", "filestream.s3.circuit-open-time"})
    void pageSaysWhatASettingIsInTests(String key) throws IOException {
        assertThat(Files.readString(Path.of("docs/editing-routes.md")))
                .contains("`" + key + "=" + new YamlPropertySourceLoader().load("settings of a run",
                        new ClassPathResource("route-check/test-settings.yaml")).get(0).getProperty(key) + "`");
    }
}
