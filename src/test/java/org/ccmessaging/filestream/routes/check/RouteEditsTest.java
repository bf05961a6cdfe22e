package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The complete check of the collections of faulty and good edits. */
@Execution(ExecutionMode.CONCURRENT)
class RouteEditsTest {

    private static final String SETTINGS = "settings of the edit";
    private static final ThreadLocal<Checks> CHECKS = ThreadLocal.withInitial(Checks::new);

    /** The checks of a thread. Each reads the schema, which takes longer than the check of an edit. */
    private static final class Checks extends HashMap<RoutesSettings, Check> {

        private static final long serialVersionUID = 1L;

        private final transient StandardEnvironment environment = new StandardEnvironment();

        private List<Finding> check(RouteEdit edit, Path folder) {
            environment.getPropertySources()
                    .addFirst(new MapPropertySource(SETTINGS, new LinkedHashMap<>(edit.settings())));
            return computeIfAbsent(edit.routesSettings(), routes -> new Check(
                    RouteLanguage.of(routes.language()), environment, routes,
                    List.of(new RouteEdit.Branches()))).run(RouteFiles.read(folder)).findings();
        }
    }

    static Stream<RouteEdit> faults() {
        return RouteEdit.all("broken").stream();
    }

    static Stream<RouteEdit> goodEdits() {
        return RouteEdit.all("good").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void faultIsFoundOnItsLine(RouteEdit edit, @TempDir Path folder) throws IOException {
        edit.writeTo(folder);

        assertFoundOnItsLine(edit, folder, check(edit, folder));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodEdits")
    void ordinaryEditIsNoError(RouteEdit edit, @TempDir Path folder) throws IOException {
        edit.writeTo(folder);

        assertThat(check(edit, folder)).filteredOn(finding -> finding.level() == Level.ERROR
                && !edit.also().contains(finding.code())).isEmpty();
    }

    private static List<Finding> check(RouteEdit edit, Path folder) {
        return CHECKS.get().check(edit, folder);
    }

    private static String code(RouteEdit edit) {
        return (String) edit.expected().get("code");
    }

    /** The expected finding is there, and every error is it or one of those that may come besides. */
    private static void assertFoundOnItsLine(RouteEdit edit, Path folder, List<Finding> found) throws IOException {
        Level level = Level.valueOf(edit.expected().getOrDefault("level", "error").toString().toUpperCase());
        String code = code(edit);
        String where = where(edit, folder);
        assertThat(found).as("findings").anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.level()).isEqualTo(level);
            assertThat(line(finding)).contains(where)
                    .contains((String) edit.expected().getOrDefault("line", ""));
            // A hint names what takes the place of what is not in the language.
            assertThat(String.valueOf(finding.hint())).contains((String) edit.expected().getOrDefault("hint", ""));
        });
        assertThat(found).as("errors").filteredOn(finding -> finding.level() == Level.ERROR)
                .allSatisfy(finding -> assertThat(Stream.concat(Stream.of(code), edit.also().stream()))
                        .contains(finding.code()));
    }

    private static String where(RouteEdit edit, Path folder) throws IOException {
        Map<String, Object> expected = edit.expected();
        String file = (String) expected.getOrDefault("file", edit.file());
        if (file.isEmpty()) {
            return "";
        }
        Path path = folder.resolve(file);
        return expected.containsKey("step")
                ? file + ":" + edit.startOf(path, (String) expected.get("step")) + ":" : file + ":";
    }

    /** File, line and text of the line of a finding. */
    private static String line(Finding finding) {
        Path file = finding.place().file();
        int line = finding.place().line();
        try {
            return file.getFileName() + ":" + line + ":"
                    + (line == 0 ? "" : Files.readAllLines(file, StandardCharsets.ISO_8859_1).get(line - 1));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
