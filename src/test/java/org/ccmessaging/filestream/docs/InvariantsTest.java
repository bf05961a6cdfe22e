package org.ccmessaging.filestream.docs;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say is shown by a test has that test. */
class InvariantsTest {

    private static final String TEST = "(?<![*\\w])([A-Z][a-z0-9]\\w*(?:Test|IT))\\b";

    private static Map<String, Path> testClasses() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(file -> file.getFileName().toString().replace(".java", ""),
                            file -> file, (one, other) -> one));
        }
    }

    private static List<String> named(String what, String document) throws IOException {
        return Pattern.compile(what).matcher(Files.readString(Path.of(document))).results()
                .map(name -> name.group(1)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVARIANTS.md", "SECURITY.md", "CONTRIBUTING.md", "docs/reliability.md"})
    void everyTestThatTheDocumentNamesExists(String document) throws IOException {
        assertThat(named(TEST, document)).isNotEmpty().isSubsetOf(testClasses().keySet());
    }

    @Test
    void architectureNamesEachPackageAndNoOther() throws IOException {
        try (Stream<Path> packages = Files.walk(Path.of("src/main/java/org/ccmessaging/filestream"))) {
            assertThat(named("(?m)^ *(\\w+)/ {2,}", "docs/architecture.md"))
                    .containsExactlyInAnyOrderElementsOf(packages.skip(1).filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString()).toList());
        }
    }

    @Test
    void everyRuleThatIsNamedIsOneOfTheArchitecture() throws IOException {
        String rules = Files.readString(testClasses().get("ArchitectureTest"));

        assertThat(named("`([A-Z]+(?:_[A-Z]+)+)`", "INVARIANTS.md")).isNotEmpty()
                .allSatisfy(rule -> assertThat(rules).contains("ArchRule " + rule));
    }

    @Test
    void everyInvariantSaysWhatEnforcesItOrThatNothingDoesYet() throws IOException {
        List<MatchResult> rows = Pattern.compile("(?m)^\\| ([A-Z`].*?) \\| (.*) \\|$")
                .matcher(Files.readString(Path.of("INVARIANTS.md"))).results().toList();

        assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(row.group(2)).as(row.group(1))
                .containsPattern("`" + TEST + "`|`.ci/run`|^not yet enforced"));
    }
}
