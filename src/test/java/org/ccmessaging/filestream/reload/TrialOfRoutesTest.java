package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.Installation;
import org.ccmessaging.filestream.routes.testing.RehearsedEdits;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials of real routes in a real process. Each test takes as long as a start of the service. */
@Tag("service")
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

    private static Trial trial(Path temporary, Duration limit, Map<String, String> settings, LongSupplier nanoTime) {
        return new Trial(ShippedSettings.of("filestream.routes", RoutesSettings.class,
                Map.of("filestream.routes.tests-timeout", limit.toString())), JavaCommand.ofThisProcess(),
                temporary, files -> settings, nanoTime, List::of);
    }

    private static Verdict run(Path routes, Duration limit, Map<String, String> settings) {
        return trial(Path.of(System.getProperty("java.io.tmpdir")), limit, settings, System::nanoTime)
                .run(FolderContent.read(routes), RouteFiles.read(routes), false, stage -> { });
    }

    private List<String> run() {
        return run(folder, Duration.ofMinutes(5), Map.of()).messages();
    }

    private void writeTest(String yaml) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("tests")).resolve("own.test.yaml"), yaml);
    }

    /** One process, since each takes the start of a service. The built-in smoke tests pass beside the own tests. */
    @Test
    void ownTestsRunWithTheSettingsOfTheServiceAndOneThatFailsIsNamedWithItsPlaceInTheFolder() throws IOException {
        routes.replace("storage-standard", "uri: direct:read-{{filestream.storage.standard.type}}",
                "uri: direct:read-{{routes.own}}");
        writeTest("""
                - test: files are there
                  files: { standard: { files/demo/a.xyz: hello } }
                  request: { fileId: a.xyz, fileType: xyz }
                  expect: { resultCode: "0", file: hello }
                - test: files differ
                  files: { standard: { files/demo/a.xyz: hello } }
                  request: { fileId: a.xyz, fileType: xyz }
                  expect: { resultCode: "0", file: other }
                """);

        assertThat(run(folder, Duration.ofMinutes(5), Map.of("routes.own", "s3",
                "filestream.download.file-types", "xyz",
                "filestream.storage.standard.key", "files/${variable.tenantId}/${variable.objectKey}")).messages())
                .containsExactly(folder.resolve("tests/own.test.yaml")
                        + ":8:36  file: expected \"other\"; came \"hello\" (test \"files differ\")");
    }

    /** That process has run the tests of the active set before. */
    @Test
    void processThatWaitedTriesTheSetThatItGets() throws IOException {
        String test = """
                - test: the file is there
                  files: { standard: { demo/a.txt: hello } }
                  request: { fileId: a.txt }
                  expect: { resultCode: "0", file: %s }
                """;
        writeTest(test.formatted("hello"));
        Path temporary = Files.createDirectory(temp.resolve("temporary"));
        AtomicLong now = new AtomicLong();
        Set<String> stages = new LinkedHashSet<>();
        try (Trial trial = trial(temporary, Duration.ofMinutes(5), Map.of(), now::get)) {
            RouteFiles active = RouteFiles.read(folder);
            assertThat(trial.run(FolderContent.read(folder), active, false, stage -> { }).messages()).isEmpty();
            now.addAndGet(Duration.ofSeconds(3).toNanos());
            trial.prepare(() -> active);
            await().atMost(Duration.ofMinutes(2)).until(trial::isReady);
            writeTest(test.formatted("other"));

            assertThat(trial.run(FolderContent.read(folder), active, false, stages::add).messages()).singleElement()
                    .asString().startsWith(folder.resolve("tests/own.test.yaml") + ":4:36  file: expected \"other\"");
        }
        // Nothing of the tests that ran before.
        assertThat(stages.iterator().next()).isIn("trying", "trying 0 of 1");
        assertThat(temporary).isEmptyDirectory();
    }

    /** A thousand requests, as many as the service keeps by default. */
    @Test
    void editIsRehearsedWithRequestsOfCustomersThatAreInNoFile() throws IOException {
        OwnRoutes active = RehearsedEdits.active(temp.resolve("active"));
        RehearsedEdits.wrong().findFirst().orElseThrow().make(folder);
        Path temporary = Files.createDirectory(temp.resolve("temporary"));
        List<Seen> requests = Installation.requests(1_000);
        List<String> found = new ArrayList<>();
        List<String> stages = new ArrayList<>();
        try (Trial trial = new Trial(ShippedSettings.of("filestream.routes", RoutesSettings.class,
                Map.of("filestream.routes.rehearsal-policy", "refuse")), JavaCommand.ofThisProcess(), temporary,
                files -> Installation.SETTINGS, System::nanoTime, () -> requests)) {
            Verdict verdict = trial.run(FolderContent.read(folder), RouteFiles.read(active.folder()), false, stage -> {
                stages.add(stage);
                found.addAll(naming(temporary, "globex"));
            });

            assertThat(verdict.stage()).as(verdict.toString()).isEqualTo("rehearsal");
            assertThat(verdict.messages()).element(1).asString()
                    .startsWith("94 of 1,000 go to branch archive (were standard), got 0 and get 13");
            assertThat(verdict.messages()).last().asString().contains("reload --accept");
            assertThat(verdict.rehearsal().asTest(1)).contains("globex");
        }
        assertThat(found).isEmpty();
        assertThat(stages).contains("trying 0 of 0").last().isEqualTo("rehearsing");
    }

    /** Returns the files that contain a text, or have it in their names. */
    private static List<String> naming(Path folder, String text) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().contains(text) || !file.toString().endsWith(".jar")
                    && Files.isRegularFile(file) && contains(file, text)).map(Path::toString).toList();
        } catch (IOException | UncheckedIOException meanwhile) {
            // The process removed a file.
            return List.of();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException meanwhile) {
            return false;
        }
    }

    /** The memory and the environment of the process are enough. ShippedRoutesTest has the routes and their tests. */
    @Tag("full")
    @Test
    void shippedRoutesPassTheirTestsAndTheSmokeTests() {
        assertThat(run(SHIPPED, Duration.ofMinutes(5), Map.of()).messages()).isEmpty();
    }

    private List<String> edited(String stem, String before, String after) throws IOException {
        routes.replace(stem, before, after);
        Verdict verdict = run(folder, Duration.ofMinutes(5), Map.of());
        assertThat(verdict.stage()).as(verdict.toString()).isEqualTo("try");
        return verdict.messages();
    }

    /** It passes the check. The service would start and be ready, and every request would fail. */
    @Tag("full")
    @Test
    void keyThatNoFileHasIsRefusedByTheDownloadThatFindsNothing() throws IOException {
        assertThat(edited("storage-local", "${variable.request.fileId.substring(6)}",
                "${variable.request.fileId.substring(7)}"))
                .anySatisfy(line -> assertThat(line).contains("resultCode: expected 0; came 13",
                        "(test \"a customer's own file comes back by the name local\")"));
    }

    /** As when the service is killed, which can then kill nothing. */
    @Tag("full")
    @Test
    void processEndsWithTheOneThatItBelongsTo() throws Exception {
        Process service = new ProcessBuilder("sleep", "600").start();
        writeTest("""
                - test: a client that never has enough
                  request: { fileId: a.txt, times: 1000000000 }
                  expect: { resultCode: "13" }
                """);
        Process child = new ProcessBuilder(JavaCommand.ofThisProcess().with(List.of("-XX:TieredStopAtLevel=1"),
                List.of("routes", "trial", Long.toString(service.pid()))))
                .redirectErrorStream(true).redirectOutput(temp.resolve("output").toFile()).start();
        try (OutputStream input = child.getOutputStream()) {
            input.write(new ObjectMapper().writeValueAsBytes(
                    new TrialTask(folder.toString(), Map.of(), null, List.of())));
            input.flush();
            service.destroyForcibly().waitFor();

            assertThat(child.onExit().orTimeout(5, TimeUnit.MINUTES).join().exitValue()).isEqualTo(2);
        } finally {
            service.destroyForcibly();
            child.destroyForcibly();
        }
    }

    /** More requests than any time limit allows. */
    @Tag("full")
    @Test
    void testThatDoesNotEndIsCutOff() throws IOException {
        writeTest("""
                - test: a client that never has enough
                  request: { fileId: a.txt, times: 1000000000 }
                  expect: { resultCode: "13" }
                """);

        assertThat(run(folder, Duration.ofSeconds(30), Map.of()).messages()).containsExactly(
                "could not run: the tests took longer than filestream.routes.tests-timeout (30s)");
    }

    @Tag("full")
    @Test
    void testThatFillsTheMemoryHarmsItsProcessOnly() throws IOException {
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
