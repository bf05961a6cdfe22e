package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The command {@code routes check}: its findings, and their output formats. */
class RoutesCheckTest {

    private static QuietApplication application;

    @TempDir
    private Path folder;
    private OwnRoutes routes;

    @BeforeAll
    static void start() {
        application = QuietApplication.of(null);
    }

    @BeforeEach
    void copyShippedRoutes() throws IOException {
        routes = new OwnRoutes(folder);
    }

    private List<String> check() {
        return application.check().run(RouteFiles.read(folder)).lines().stream()
                .map(line -> line.replace(folder + "/", "").replace(".camel.yaml", "").replaceAll("  +", " ").strip())
                .toList();
    }

    @Test
    void shippedRoutesHaveNoFindings() {
        assertThat(check()).containsExactly("12 files, 0 errors, 0 warnings");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/cli/findings.csv", delimiter = '|', quoteCharacter = '`')
    void oneFaultIsOneFindingAtItsPlace(String stem, String from, String to, String finding, String hint)
            throws IOException {
        routes.replace(stem, from, to);

        List<String> lines = check();

        assertThat(lines).endsWith("12 files, 1 error, 0 warnings");
        assertThat(lines.subList(0, lines.size() - 1)).isEqualTo(hint == null ? List.of(finding)
                : List.of(finding, hint));
    }

    @Test
    void fileOfTheFrameWithoutARouteIsOneFinding() throws IOException {
        routes.replace("read-s3", "- route:", "- routes:");

        assertThat(check()).containsExactly("read-s3 error R104 no route of the frame, which runs from the jar",
                "a step belongs in a route read-… of your own, which calls direct:read-s3; then delete this file",
                "12 files, 1 error, 0 warnings");
    }

    @Test
    void faultsOfOneRouteHideNoOthers() throws IOException {
        routes.replace("choose-storage", "uri: direct:storage-local", "uri: drect:storage-local");
        routes.replace("choose-storage", "${variable.request.multi", "${variabel.request.multi");
        routes.replace("storage-standard", "ref: resolveKey", "ref: resolvKey");
        routes.replace("read-s3", "ref: takeObject", "ref: takObject");
        routes.replace("result-codes", "failure.EmptyFileException", "failure.EmptyFilException");
        routes.replace("storage-local", "name: branch", "nme: branch");
        routes.replace("storage-local", "${variable.request.", "${variabel.request.");

        assertThat(check()).filteredOn(line -> line.contains(" error ")).hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void rulesOfRoutesThatNoErrorOfTheLanguageTouchesAreToldWithIt() throws IOException {
        routes.replace("storage-local", "ref: resolveKey", "ref: resolvKey");
        routes.replace("storage-standard", "    routeConfigurationId: result-codes\n", "");

        assertThat(check()).filteredOn(line -> line.contains(" error ")).extracting(line -> line.split(" error ")[0])
                .containsExactly("storage-local:26:18", "storage-standard:1:3");
    }

    /** As much as the limits allow, of the text that costs most. */
    @Test
    void folderAtItsLimitsIsCheckedInLinearTime() throws IOException {
        for (int i = 0; i < 28; i++) {
            routes.add("spaces-" + i, """
                    - route:
                        id: spaces-%1$d
                        description: Logs a text with a placeholder that does not end.
                        from:
                          uri: direct:spaces-%1$d
                          description: Is called by nobody.
                          steps:
                            - log: {id: log-%1$d, description: Logs., message: "{{%2$s"}
                        routeConfigurationId: result-codes
                    """.formatted(i, " ".repeat(16_000)));
        }

        assertThat(assertTimeoutPreemptively(Duration.ofMinutes(1), this::check)).hasSize(2 * 28 + 1)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(600));
    }

    @Test
    void commandReportsErrorsForPeopleAndAsSarifForPrograms() throws IOException {
        routes.replace("storage-standard", "ref: resolveKey", "ref: resolvKey");

        CommandRun text = CommandRun.of("routes", "check", folder.toString());
        CommandRun programs = CommandRun.of("routes", "check", folder.toString(), "--format", "sarif");
        JsonNode sarif = new ObjectMapper().readTree(programs.out());

        assertThat(text.status()).isEqualTo(1);
        assertThat(text.out().lines()).containsExactly(
                folder + "/storage-standard.camel.yaml:26:18  error R031  "
                        + "step resolve-key-standard: no step bean \"resolvKey\"",
                "    did you mean resolveKey?",
                "12 files, 1 error, 0 warnings");
        assertThat(text.err()).isEmpty();
        assertThat(programs.status()).isEqualTo(1);
        assertThat(sarif.at("/version").asText()).isEqualTo("2.1.0");
        assertThat(sarif.at("/runs/0/results/0/message/text").asText())
                .isEqualTo("step resolve-key-standard: no step bean \"resolvKey\". did you mean resolveKey?");
        assertThat(sarif.at("/runs/0/results/0/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(26);
        assertThat(sarif.at("/runs/0/results/0/locations/0/physicalLocation/region/startColumn").asInt()).isEqualTo(18);
        assertThat(sarif.at("/runs/0/tool/driver/rules/0/id").asText()).isEqualTo("R031");
    }

    /** The matchers of the editor's task, which turn a line into a mark. */
    private static Stream<JsonNode> matchers() throws IOException {
        return new ObjectMapper().readTree(Path.of(".vscode/tasks.json").toFile())
                .at("/tasks/0/problemMatcher").valueStream();
    }

    /** Returns the lines of the next check, without its first and last, once the editor has seen its end. */
    private static List<String> nextCheck(BlockingQueue<String> lines) throws Exception {
        List<String> check = new ArrayList<>();
        while (check.isEmpty() || matchers().noneMatch(matcher ->
                check.get(check.size() - 1).matches(matcher.at("/background/endsPattern").asText()))) {
            check.add(lines.poll(60, TimeUnit.SECONDS));
        }
        assertThat(matchers()).allSatisfy(matcher ->
                assertThat(check.get(0)).containsPattern(matcher.at("/background/beginsPattern").asText()));
        return check.subList(1, check.size() - 1);
    }

    @Test
    void watchedFolderIsCheckedAfterEachSaveAndAnEditorMarksTheFindings() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        PrintWriter out = new PrintWriter(Writer.nullWriter()) {
            @Override
            public void println(Object line) {
                lines.add(line.toString());
            }

            @Override
            public void println(String line) {
                lines.add(line);
            }
        };
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread command = new Thread(() -> status.complete(Commands.run(FileStreamApplication.class, System::getenv, out,
                out, "routes", "check", folder.toString(), "--watch")));
        command.start();
        try {
            assertThat(nextCheck(lines)).isEmpty();

            routes.replace("storage-standard", "ref: resolveKey", "ref: resolvKey");
            assertThat(nextCheck(lines)).singleElement().satisfies(line -> {
                Matcher mark = Pattern.compile(matchers().toList().get(0).at("/pattern/regexp").asText()).matcher(line);
                assertThat(mark.matches()).isTrue();
                assertThat(IntStream.rangeClosed(1, 6).mapToObj(mark::group)).containsExactly(
                        folder + "/storage-standard.camel.yaml", "26", "18", "error", "R031",
                        "step resolve-key-standard: no step bean \"resolvKey\". did you mean resolveKey?");
            });

            routes.add("empty", "");
            assertThat(nextCheck(lines)).hasSize(2).first().asString()
                    .matches(matchers().toList().get(1).at("/pattern/regexp").asText()).contains("R008");
        } finally {
            command.interrupt();
        }
        status.get(60, TimeUnit.SECONDS);
    }

    @Test
    void fileInSarifIsAUriWhateverItsFolderIsCalled() throws IOException {
        Path named = Files.createDirectory(folder.resolve("routes of Jörg #1"));
        new OwnRoutes(named).replace("storage-standard", "ref: resolveKey", "ref: resolvKey");

        JsonNode sarif = new ObjectMapper().readTree(
                CommandRun.of("routes", "check", named.toString(), "--format", "sarif").out());

        assertThat(URI.create(sarif.at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri").asText())
                .getPath()).isEqualTo(named + "/storage-standard.camel.yaml");
    }

    @Test
    void commandSaysInOneLineWhyItCouldNotRun() {
        CommandRun missing = CommandRun.of("routes", "check", "nowhere");

        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err().lines()).containsExactly("check: there is no nowhere");
        assertThat(CommandRun.of("routes", "chek").status()).isEqualTo(2);
        assertThat(CommandRun.of("routes").status()).isEqualTo(2);
    }

    @Test
    void explainShowsWhyAndAnExample() {
        CommandRun explained = CommandRun.of("routes", "explain", "r010");

        assertThat(explained.status()).isZero();
        assertThat(explained.out()).contains("R010  Elements, steps and fields are those of the language of"
                + " routes.", "before:", "wireTap", "after:");
        assertThat(CommandRun.of("routes", "explain", "R999").status()).isEqualTo(2);
    }
}
