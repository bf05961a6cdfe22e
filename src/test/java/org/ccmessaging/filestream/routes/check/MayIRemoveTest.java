package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table "May I?" of docs/editing-routes.md, against the rules. */
class MayIRemoveTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*`) \\| [^|]* \\| ([^|]*) \\| [^|]* \\|$");
    private static final Pattern CODE = Pattern.compile("R\\d{3}");

    /** The step of standard storage stands for those of all branches. */
    private static final Map<String, String> FILES = Map.of(
            "branch-standard", "storage-standard.camel.yaml",
            "object-key-standard", "storage-standard.camel.yaml",
            "resolve-key-standard", "storage-standard.camel.yaml",
            "open-standard", "storage-standard.camel.yaml",
            "request-object", "read-s3.camel.yaml",
            "get-object", "read-s3.camel.yaml",
            "take-object", "read-s3.camel.yaml",
            "remove-s3-headers", "read-s3.camel.yaml",
            "open-file", "read-filesystem.camel.yaml");

    private static String table() throws IOException {
        String text = Files.readString(Path.of("docs/editing-routes.md"));
        return text.substring(text.indexOf("## May I?"), text.indexOf("## What each step provides"));
    }

    static Stream<Arguments> steps() throws IOException {
        return ROW.matcher(table()).results().filter(row -> !row.group(1).contains("issue-"))
                .flatMap(row -> Stream.of(row.group(1).split(", "))
                        .map(step -> step.replace("`", "").replace("…", "standard"))
                        .map(step -> Arguments.of(step, codes(row.group(2)))));
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(MatchResult::group).toList();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("steps")
    void stepThatIsRemovedIsMissedByTheRuleOfTheTable(String step, List<String> codes, @TempDir Path folder)
            throws IOException {
        RouteEdit removed = new RouteEdit(step, FILES.getOrDefault(step, "download-file-stream.camel.yaml"),
                Map.of("deleteStep", step));
        removed.writeTo(folder);
        Map<String, String> settings = removed.settings();
        Findings findings = new Findings();
        RouteSet set = RouteSet.read(RouteFiles.read(folder), RouteLanguage.ofProduct(), settings::get, findings);

        new RuleLevel(set, findings).check(removed.routesSettings().entryPoints());

        List<String> errors = findings.sorted().stream().filter(finding -> finding.level() == Level.ERROR)
                .map(Finding::code).toList();
        assertThat(errors).as(step).isEqualTo(codes.isEmpty() ? List.of() : errors).containsAll(codes);
    }

    @Test
    void everyCodeThatTheDocumentNamesExists() throws IOException {
        assertThat(codes(table()).stream().collect(Collectors.toSet())).isNotEmpty()
                .isSubsetOf(RuleTexts.all().keySet());
    }
}
