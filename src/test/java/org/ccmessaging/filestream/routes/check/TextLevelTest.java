package org.ccmessaging.filestream.routes.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the check says about route files as texts. */
class TextLevelTest {

    private static final String ROUTE = """
            - route:
                id: one
                from:
                  uri: direct:one
                  steps:
                    - log:
                        message: ä
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void oneGoodFile() throws IOException {
        with("good.camel.yaml", ROUTE);
    }

    private TextLevelTest with(String name, String text) throws IOException {
        return with(name, text.getBytes(UTF_8));
    }

    private TextLevelTest with(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return this;
    }

    /** File, line and column, level and message of each finding. */
    private List<String> findings() {
        Report report = new Report(0);
        RouteSet.read(RouteFiles.read(folder), key -> null, report);
        return report.findings().stream().map(RouteError::line)
                .map(line -> line.replace(folder + "/", "").replaceAll("  +", " ")).toList();
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        with("latin.camel.yaml", ROUTE.getBytes(ISO_8859_1)).with("utf16.camel.yaml", ROUTE.getBytes(UTF_16))
                .with("utf16le.camel.yaml", ROUTE.getBytes(UTF_16LE));

        assertThat(findings()).containsExactly(
                "latin.camel.yaml error not UTF-8. save the file as UTF-8",
                "utf16.camel.yaml error not UTF-8. save the file as UTF-8",
                "utf16le.camel.yaml error not UTF-8. save the file as UTF-8");
    }

    @Test
    void syntaxErrorsAndFilesThatAreNoListOfRoutesAreRefused() throws IOException {
        with("syntax.camel.yaml", ROUTE.replace("from:", "from: {"))
                .with("empty.camel.yaml", "").with("comment.camel.yaml", "# nothing\n")
                .with("null.camel.yaml", "---\n").with("map.camel.yaml", "route:\n  id: a\n")
                .with("two.camel.yaml", ROUTE + "---\n" + ROUTE)
                .with("alias.camel.yaml", "- route: &a\n    id: *a\n");

        assertThat(findings()).extracting(line -> line.split(" ")[0]).containsExactly("alias.camel.yaml:1:10",
                "comment.camel.yaml", "empty.camel.yaml", "map.camel.yaml:1:1", "null.camel.yaml:2:1",
                "syntax.camel.yaml:5:12", "two.camel.yaml:8:1");
    }

    @Test
    void namesAndValuesInFindingsBreakNoLine() throws IOException {
        with("line\nbreak.camel.yaml", "").with("twice.camel.yaml",
                "- {\"a\\e[31m\\u202E\\nb\": 1, \"a\\e[31m\\u202E\\nb\": 2}\n");

        assertThat(findings()).containsExactly(
                "line\\u000abreak.camel.yaml error no list of routes. begin each route with \"- \", or delete the file",
                "twice.camel.yaml:1:27 error key \"a\\u001b[31m\\u202e\\u000ab\" is given twice in this map."
                + " the first is in line 1, and this one wins");
    }
}
