package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real routes, tried by a real process. Each test takes the start of a service. */
class TrialOfRoutesTest {

    private static final Path SHIPPED = Path.of("routes");

    @TempDir
    private Path temp;
    private Path folder;
    private OwnRoutes routes;

    @BeforeEach
    void copyShippedRoutes() throws IOException {
        folder = Files.createDirectory(temp.resolve("routes"));
        routes = new OwnRoutes(folder);
    }

    private static List<String> run(Path routes, Duration limit, String... arguments) {
        try (Trial trial = new Trial(null, limit, JavaCommand.ofThisProcess(List.of(arguments)),
                Path.of(System.getProperty("java.io.tmpdir")))) {
            return trial.run(RouteFiles.read(routes));
        }
    }

    private List<String> run() {
        return run(folder, Duration.ofMinutes(5));
    }

    private void writeTest(String yaml) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("tests")).resolve("own.test.yaml"), yaml);
    }

    @Test
    void shippedRoutesPassTheirTestsAndTheSmokeTests() {
        assertThat(run(SHIPPED, Duration.ofMinutes(5))).isEmpty();
    }

    @Test
    void testOfAnAuthorThatFailsIsNamedWithItsPlaceInTheFolder() throws IOException {
        writeTest("""
                - test: files are there
                  files: { standard: { demo/a.txt: hello } }
                  request: { fileId: a.txt }
                  expect: { resultCode: "0", file: other }
                """);

        assertThat(run()).containsExactly(folder.resolve("tests/own.test.yaml")
                + ":4:36  file: expected \"other\"; came \"hello\" (test \"files are there\")");
    }

    /** The process has all settings of the service, and writes the first generation of its own. */
    @Test
    void historyOfTheServiceStaysAsItIs() throws IOException {
        Path history = Files.createDirectory(temp.resolve("history"));
        Path kept = Files.writeString(history.resolve("generation-1.json"), "the first");

        assertThat(run(folder, Duration.ofMinutes(5), "--filestream.routes.history=" + history,
                "--filestream.routes.live-reload=true")).isEmpty();

        try (Stream<Path> files = Files.list(history)) {
            assertThat(files).containsExactly(kept);
        }
        assertThat(kept).hasContent("the first");
    }

    /** Each of these settings alone would stop the process, or let it ask or write what is not its own. */
    @Test
    void portsStoresConsoleAndAccessLogOfTheServiceAreNotThoseOfATrial() throws IOException {
        writeTest("""
                - test: files are there
                  files: { standard: { demo/a.txt: hello } }
                  request: { fileId: a.txt }
                  expect: { resultCode: "0", file: hello }
                """);
        Path accessLog = temp.resolve("access-log");

        assertThat(run(folder, Duration.ofMinutes(5), "--server.ssl.certificate=" + temp.resolve("web.crt"),
                "--server.ssl.certificate-private-key=" + temp.resolve("web.key"),
                "--server.tomcat.accesslog.enabled=true", "--server.tomcat.accesslog.directory=" + accessLog,
                "--filestream.console.oidc.issuer-uri=http://127.0.0.1:9/realms/staff",
                "--filestream.console.oidc.client-id=console", "--filestream.console.oidc.client-secret=secret",
                "--filestream.s3.proxy=http://127.0.0.1:9",
                "--filestream.storage.standard.s3.endpoint=http://127.0.0.1:9")).isEmpty();

        assertThat(accessLog).doesNotExist();
    }

    @Test
    void routesWithoutAuthenticateAreRefusedWithTheirPlace() throws IOException {
        routes.replace("download-file-stream", """
                \s       - process:
                \s           id: authenticate
                \s           description: Checks ccmessaging-token, x-app-key and Authorization. Sets
                \s             variables customer, tenantId and appKey. Fails with 401, or with
                \s             500 without the keys that verify tokens.
                \s           ref: authenticate
                """, "");

        assertThat(run()).anySatisfy(line -> assertThat(line)
                .startsWith(folder.resolve("download-file-stream.camel.yaml") + ":").contains("authenticate"));
    }

    /** As when the service is killed, which can then kill nothing. */
    @Test
    void processEndsWithTheOneThatItBelongsTo() throws Exception {
        Process service = new ProcessBuilder("sleep", "600").start();
        writeTest("""
                - test: a client that never has enough
                  request: { fileId: a.txt, times: 1000000000 }
                  expect: { resultCode: "13" }
                """);
        try (ChildProcess child = new ChildProcess(JavaCommand.ofThisProcess(List.of()).with(
                List.of("-XX:TieredStopAtLevel=1"), List.of("routes", "test", folder.toString(), "--smoke",
                        "--end-with", Long.toString(service.pid()))))) {
            service.destroyForcibly().waitFor();

            assertThat(child.await(Duration.ofMinutes(5))).isNotNull()
                    .extracting(ChildProcess.Ended::status).isEqualTo(2);
        } finally {
            service.destroyForcibly();
        }
    }

    /** More requests than any time limit allows. */
    @Test
    void testThatDoesNotEndIsCutOff() throws IOException {
        writeTest("""
                - test: a client that never has enough
                  request: { fileId: a.txt, times: 1000000000 }
                  expect: { resultCode: "13" }
                """);

        assertThat(run(folder, Duration.ofSeconds(30))).containsExactly(
                "could not run: the tests took longer than filestream.routes.tests-timeout (30s)");
    }

    @Test
    void testThatFillsTheMemoryHarmsItsProcessAlone() throws IOException {
        writeTest("""
                - test: a file that is larger than the memory
                  files: { standard: { demo/a.txt: { size: 900MB } } }
                  request: { fileId: a.txt }
                  expect: { resultCode: "0" }
                """);

        assertThat(run()).containsExactly(
                "could not run: the tests took more than the 256 MB of memory that they have");
    }
}
