package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
    void rulesAreCheckedOnceTheLanguageIsRight() throws IOException {
        routes.replace("storage-standard", "    routeConfigurationId: result-codes\n", "");
        assertThat(check()).anyMatch(line -> line.contains("storage-standard:1:3 error R210"));

        routes.replace("storage-local", "ref: resolveKey", "ref: resolvKey");
        assertThat(check()).filteredOn(line -> line.contains(" error ")).singleElement().asString().contains("R031");
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
    void commandReportsErrorsAndTheTaskOfAnEditorMarksThem() throws IOException {
        routes.replace("storage-standard", "ref: resolveKey", "ref: resolvKey");
        routes.add("empty", "");

        CommandRun run = CommandRun.of("routes", "check", folder.toString());
        List<String> patterns = new ObjectMapper().readTree(Path.of(".vscode/tasks.json").toFile())
                .at("/tasks/0/problemMatcher").findValuesAsText("regexp");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(run.lines()).contains("    did you mean resolveKey?").endsWith("13 files, 2 errors, 0 warnings");
        assertThat(run.lines()).anyMatch(line -> line.matches(patterns.get(1)) && line.contains("R008"));
        assertThat(run.lines()).filteredOn(line -> line.matches(patterns.get(0))).singleElement().satisfies(line -> {
            Matcher mark = Pattern.compile(patterns.get(0)).matcher(line);
            assertThat(mark.matches()).isTrue();
            assertThat(IntStream.rangeClosed(1, 6).mapToObj(mark::group)).containsExactly(
                    folder + "/storage-standard.camel.yaml", "26", "18", "error", "R031",
                    "step resolve-key-standard: no step bean \"resolvKey\"");
        });
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

    /** Nobody has checked the file. */
    @Test
    void nameInAFileBreaksNoLineAndMovesNoCursor() throws IOException {
        routes.add("a\u202e", "- route: {id: \"a\\e[31m\\u202E\\nb\", from: {uri:"
                + " 'direct:a', steps: []}}\n");

        assertThat(CommandRun.of("routes", "check", folder.toString()).out())
                .contains("a\\u001b[31m\\u202e\\u000ab").doesNotContain("\u202e", "\u001b");
        assertThat(CommandRun.of("routes", "check", folder.resolve("\u202e").toString()).err())
                .contains("there is no").doesNotContain("\u202e");
    }
}
