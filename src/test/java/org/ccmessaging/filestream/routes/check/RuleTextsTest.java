package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The codes in the sources, in the texts and in the collections are the same. */
class RuleTextsTest {

    private static final Path SOURCES = Path.of("src/main/java/org/ccmessaging/filestream/routes");
    private static final Pattern CODE = Pattern.compile("\"(R\\d{3})\"");

    private static Set<String> codes() throws IOException {
        Set<String> codes = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                CODE.matcher(Files.readString(file)).results().map((MatchResult found) -> found.group(1))
                        .forEach(codes::add);
            }
        }
        return codes;
    }

    @Test
    void everyCodeHasATextWithAnExampleBeforeAndAfter() throws IOException {
        assertThat(RuleTexts.all().keySet()).containsExactlyInAnyOrderElementsOf(codes());
        assertThat(RuleTexts.all()).allSatisfy((code, text) -> {
            assertThat(text.title()).as(code).endsWith(".").doesNotContain("\n");
            assertThat(text.why()).as(code).isNotBlank();
            assertThat(text.before()).as(code).isNotBlank().isNotEqualTo(text.after());
            assertThat(text.after()).as(code).isNotBlank();
        });
    }

    @Test
    void everyFaultOfTheCollectionExpectsACodeThatExists() throws IOException {
        Set<String> codes = codes();

        assertThat(RouteEdit.all("broken")).isNotEmpty()
                .allSatisfy(edit -> assertThat(codes).contains((String) edit.expected().get("code"))
                        .containsAll(edit.also()));
    }

    @Test
    void everyRuleHasAFaultInTheCollection() throws IOException {
        Set<String> found = new TreeSet<>();
        RouteEdit.all("broken").forEach(edit -> {
            found.add((String) edit.expected().get("code"));
            found.addAll(edit.also());
        });

        assertThat(codes().stream().filter(code -> code.compareTo("R1") > 0)).isSubsetOf(found);
    }
}
