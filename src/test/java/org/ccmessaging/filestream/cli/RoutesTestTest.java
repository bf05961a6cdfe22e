package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code routes test}: what it does with routes of an author, how a failure reads, its exit status. */
@Tag("service")
@ExpectedErrors.Of(logger = "filestream", texts = "a test wants it so")
@ExpectedErrors.Of(logger = "org.springframework.boot.diagnostics", texts = "APPLICATION FAILED TO START")
class RoutesTestTest {

    private static final String SCANNER = """
            - route:
                id: scanner
                routeConfigurationId: result-codes
                from: {uri: direct:scanner, steps: [{setBody: {constant: {expression: none}}}]}
            """;

    private CommandRun run;

    @TempDir
    private Path folder;
    private OwnRoutes routes;

    @BeforeEach
    void copyShippedRoutes() throws IOException {
        routes = new OwnRoutes(folder);
        Files.createDirectory(folder.resolve("tests"));
    }

    private int run(String yaml, String... options) throws IOException {
        Files.writeString(folder.resolve("tests/a.test.yaml"), yaml);
        return command(Stream.concat(Stream.of("test", folder.toString()), Stream.of(options)).toArray(String[]::new));
    }

    private int command(String... arguments) {
        run = CommandRun.of(Stream.concat(Stream.of("routes"), Stream.of(arguments)).toArray(String[]::new));
        return run.status();
    }

    private List<String> lines() {
        return run.out().replace(folder + "/", "").lines().toList();
    }

    /** One run, since each starts a service. */
    @Test
    void failureReadsLikeADiffAndOthersPass() throws IOException {
        routes.replace("storage-standard", "        - process:", """
                \s       - to: {id: scan, uri: direct:scanner, variableReceive: verdict}
                \s       - process:\
                """);
        routes.add("scanner", SCANNER);
        Files.writeString(folder.resolve("tests/b.test.yaml"), """
                - test: "a step that does not exist is named\\e[31m"
                  fail: { get-objekt: { reset: true } }
                  expect: {}
                """);
        Path junit = folder.resolve("junit.xml");

        int status = run("""
                - test: a mocked step leaves what the test says
                  files: { standard: { demo/a.txt: hello } }
                  mock: { scan: { body: { clean: true } } }
                  request: { fileId: a.txt }
                  expect: { resultCode: "0", file: hello, steps: [authenticate, scan, respond] }
                - test: a mock and a file are gone with their test
                  mock: { scan: { exception: IllegalStateException, message: a test wants it so } }
                  request: { fileId: a.txt }
                  expect:
                    resultCode: "0"
                    steps: [scan, take-object]
                - test: a request without a type has the first one that the installation accepts
                  settings: { filestream.download.file-types: "pdf,jpg" }
                  files: { standard: { demo/a.pdf: hello } }
                  request: { fileId: a.pdf }
                  expect: { resultCode: "0", file: hello }
                - test: any line of the log is good
                  fail: { check-request: { exception: IllegalStateException, message: a test wants it so } }
                  expect: { errors: null }
                """, "--junit", junit.toString());

        assertThat(status).as(run.err()).isEqualTo(1);
        assertThat(lines()).containsSubsequence(
                "FAILED  a mock and a file are gone with their test",
                "tests/a.test.yaml:10:17  resultCode", "    - 0", "    + 13",
                "tests/a.test.yaml:11:19  steps, of which take-object did not run", "    - scan", "    - take-object",
                "    + record-download", "tests/a.test.yaml:10:5  errors in the log", "    - (none)",
                "FAILED  a step that does not exist is named\u001b[31m", "tests/b.test.yaml:2:23  step",
                "    - get-objekt", "    + no such step. did you mean get-object?");
        assertThat(run.out()).doesNotContain("a mocked step leaves").contains("5 tests, 2 failed");
        assertThat(junit).content().contains("tests=\"5\" failures=\"2\"", "a mocked step leaves what the test says",
                "\n    - get-objekt").doesNotContain("\u001b");
        assertThat(run.err()).isEmpty();
    }

    /** Without a branch of type s3 there is no route read-s3. */
    @Test
    void testForWhatTheInstallationDoesNotHaveIsSkipped() throws IOException {
        Path junit = folder.resolve("junit.xml");
        String settings = "  settings: { filestream.storage.local.type: filesystem, filestream.storage.standard.type:"
                + " filesystem, filestream.storage.multimedia-library.type: filesystem }\n";

        int status = run("""
                - test: the store fails
                  fail: { get-object: { reset: true } }
                  expect: { resultCode: "13" }
                SETTINGS- test: an object is read
                  files: { standard: { demo/a.txt: hello } }
                  request: { fileId: a.txt }
                  expect: { file: hello, steps: [authenticate, take-object] }
                SETTINGS- test: a file is read without the store
                  files: { standard: { demo/a.txt: hello } }
                  request: { fileId: a.txt }
                  expect: { file: hello, skipped: [get-object] }
                SETTINGS- test: local storage is a bucket
                  types: { local: s3 }
                  expect: { resultCode: "0" }
                SETTINGS- test: a step and a branch that do not exist are named
                  types: { standart: s3 }
                  fail: { get-object: { reset: true } }
                  expect: { steps: [open-fil], skipped: [get-objekt] }
                SETTINGS""".replace("SETTINGS", settings), "--junit", junit.toString());

        assertThat(status).isEqualTo(1);
        assertThat(lines()).containsSubsequence("FAILED  a step and a branch that do not exist are named",
                "    - open-fil", "    + no such step. did you mean open-file?", "    - get-objekt",
                "    + no such step. did you mean get-object?", "    - standart",
                "    + no such branch. did you mean standard?",
                "1 test skipped: it needs another type of branch local than filesystem",
                "1 test skipped: it needs step get-object, whose route is left out here");
        assertThat(lines()).last().asString().startsWith("5 tests, 1 failed, 3 skipped, ");
        assertThat(run.out()).containsOnlyOnce("FAILED");
        assertThat(junit).content().contains("tests=\"5\" failures=\"1\"", "skipped=\"3\"", "name=\"the store fails\"",
                "<skipped message=\"it needs step get-object, whose route is left out here");
    }

    @Test
    void mistakeInASettingATestFileOrARouteRunsNothing() throws IOException {
        assertThat(run("- test: a\n  settings: { filestream.download.file-tipes: pdf }\n  expect: {}\n")).isEqualTo(2);
        assertThat(run.err()).contains("filestream.download.file-tipes");

        assertThat(run("- test: a\n  expct: {}\n  expect: {}\n")).isEqualTo(1);
        assertThat(lines()).containsExactly("tests/a.test.yaml:2:3  error  unknown member \"expct\" of the test",
                "    did you mean expect?", "1 file, 1 error", "no test ran");

        routes.replace("storage-standard", "ref: resolveKey", "ref: resolvKey");
        assertThat(run("- test: a\n  expect: { status: 200 }\n")).isEqualTo(1);
        assertThat(lines()).hasSize(4).contains("    did you mean resolveKey?").endsWith(
                "12 files, 1 error", "no test ran");
    }

    /** A run stands beside the service, and a broker would hand it some of the messages. */
    @Test
    void routeThatReceivesFromOutsideDoesNotStart() throws IOException {
        routes.add("tick", """
                - route:
                    id: tick
                    from:
                      uri: timer:clock
                      parameters: {delay: "0", period: "1s"}
                      steps:
                        - throwException: {id: ticked, exceptionType: java.lang.IllegalStateException,
                            message: a test wants it so}
                    routeConfigurationId: result-codes
                """);

        assertThat(run("""
                - test: nothing ticks
                  request: { fileId: a.txt, times: 100 }
                  expect: { resultCode: "13", skipped: [ticked] }
                """)).as(run.out()).isZero();
    }

    @Test
    void folderWithoutTestsCannotRun() throws IOException {
        Files.delete(folder.resolve("tests"));

        assertThat(command("test", folder.toString())).isEqualTo(2);
        assertThat(run.err().strip()).isEqualTo("test: there is no " + folder.resolve("tests"));
    }
}
