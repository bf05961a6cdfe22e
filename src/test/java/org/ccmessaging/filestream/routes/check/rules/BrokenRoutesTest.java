package org.ccmessaging.filestream.routes.check.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Level;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault of the collection is found by its rule, on its line, and nothing else is called an error. */
class BrokenRoutesTest {

    static Stream<RouteEdit> faults() {
        return RouteEdit.all("broken").stream().filter(edit -> code(edit).compareTo("R1") > 0);
    }

    static String code(RouteEdit edit) {
        return (String) edit.expected().get("code");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void faultIsFoundOnItsLine(RouteEdit edit, @TempDir Path folder) throws IOException {
        edit.writeTo(folder);

        List<Finding> found = findings(edit, folder);

        assertFoundOnItsLine(edit, folder, found);
    }

    private static List<Finding> findings(RouteEdit edit, Path folder) {
        Map<String, String> settings = edit.settings();
        Findings findings = new Findings();
        RouteSet set = RouteSet.read(folder, settings::get, findings);
        new RouteRules(edit.routesSettings()).check(set, findings);
        return findings.sorted();
    }

    /** The expected finding is there, and every error is it or one of those that may come besides. */
    static void assertFoundOnItsLine(RouteEdit edit, Path folder, List<Finding> found) throws IOException {
        Level level = Level.valueOf(edit.expected().getOrDefault("level", "error").toString().toUpperCase());
        String code = code(edit);
        String where = where(edit, folder);
        assertThat(found).as("findings").anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.level()).isEqualTo(level);
            assertThat(line(finding)).contains(where)
                    .contains((String) edit.expected().getOrDefault("line", ""));
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
