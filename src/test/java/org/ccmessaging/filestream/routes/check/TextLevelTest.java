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
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
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

    private List<Value> read(Findings findings) {
        return RouteSet.read(RouteFiles.read(folder), RouteLanguage.ofProduct(), key -> null, findings).lists();
    }

    /** File, line and column, level, code and message of each finding. */
    private List<String> findings() {
        Findings findings = new Findings();
        TextLevel.unread(folder, findings);
        read(findings);
        return findings.sorted().stream().map(Report::line)
                .map(line -> line.replace(folder + "/", "").replaceAll("  +", " ")).toList();
    }

    @Test
    void goodFileHasNothingToReport() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void filesThatCamelSkipsAreWarnedOf() throws IOException {
        with("a.camel.yml", ROUTE).with("b.yaml", ROUTE).with("sub/c.camel.yaml", ROUTE)
                .with(".d.camel.yaml", ROUTE).with("e.camel.yaml~", ROUTE).with("e.camel.yaml.bak", ROUTE)
                .with("tests/t.test.yaml", ROUTE).with("README.md", "").with("..data/f.camel.yaml", ROUTE);

        assertThat(findings()).hasSize(6).allSatisfy(line -> assertThat(line)
                .contains("warning R004 not read: only *.camel.yaml directly in "))
                .extracting(line -> line.split(" ")[0]).containsExactlyInAnyOrder("a.camel.yml", "b.yaml",
                        "sub/c.camel.yaml", ".d.camel.yaml", "e.camel.yaml~", "e.camel.yaml.bak");
    }

    @Test
    void otherEncodingsAreRefusedWhereTheyShow() throws IOException {
        with("latin.camel.yaml", ROUTE.getBytes(ISO_8859_1)).with("utf16.camel.yaml", ROUTE.getBytes(UTF_16))
                .with("utf16le.camel.yaml", ROUTE.getBytes(UTF_16LE));

        assertThat(findings()).containsExactly(
                "latin.camel.yaml:7:22 error R001 byte 0xE4 is not UTF-8: a route file is UTF-8."
                        + " save the file as UTF-8",
                "utf16.camel.yaml:1:1 error R001 byte 0xFE is not UTF-8: a route file is UTF-8."
                        + " save the file as UTF-8",
                "utf16le.camel.yaml:7:44 error R001 byte 0xE4 is not UTF-8: a route file is UTF-8."
                        + " save the file as UTF-8");
    }

    @Test
    void tabsSyntaxAndWhatIsNoListOfRoutesAreRefused() throws IOException {
        with("tab.camel.yaml", ROUTE.replace("    id: one", "\tid: one"))
                .with("syntax.camel.yaml", ROUTE.replace("from:", "from: {"))
                .with("empty.camel.yaml", "").with("comment.camel.yaml", "# nothing\n")
                .with("null.camel.yaml", "---\n").with("map.camel.yaml", "route:\n  id: a\n")
                .with("two.camel.yaml", ROUTE + "---\n" + ROUTE)
                .with("large.camel.yaml", ROUTE + "#".repeat(1024 * 1024))
                .with("alias.camel.yaml", "- route: &a\n    id: *a\n");

        assertThat(findings()).extracting(line -> line.split(": ")[0].replaceAll("(R\\d+).*", "$1"))
                .containsExactly("alias.camel.yaml:1:10 error R009", "comment.camel.yaml error R008",
                        "empty.camel.yaml error R008", "large.camel.yaml error R009", "map.camel.yaml:1:1 error R008",
                        "null.camel.yaml:2:1 error R008", "syntax.camel.yaml:5:12 error R003",
                        "tab.camel.yaml:2:1 error R003", "two.camel.yaml:9:1 error R003");
    }

    /** Each of them may be there by itself. */
    @Test
    void setThatIsTooLargeIsRefusedBeforeItIsParsed() throws IOException {
        for (int i = 1; i <= 5; i++) {
            with("large" + i + ".camel.yaml", ROUTE + "#".repeat(200_000));
        }
        with("broken.camel.yaml", ROUTE.replace("from:", "from: {"));

        assertThat(findings()).containsExactly(folder.toString() + " error R009 the route files are more than"
                + " 524288 bytes, the maximum for all together. move other files to another folder");
        assertThat(read(new Findings())).isEmpty();
        assertThat(RouteFiles.read(folder).contents().values().stream().mapToLong(bytes -> bytes.length).sum())
                .isLessThan(2L * RouteFiles.MOST_BYTES);
    }

    @Test
    void listsWithinListsAreRefusedWhereTheyAreTooMany() throws IOException {
        StringBuilder aliases = new StringBuilder("- &a0 " + "[".repeat(60) + "]".repeat(60) + "\n");
        for (int i = 1; i <= 40; i++) {
            aliases.append("- &a" + i + " " + "[".repeat(60) + "*a" + (i - 1) + "]".repeat(60) + "\n");
        }
        with("alias.camel.yaml", aliases.toString()).with("block.camel.yaml", "- " + "- ".repeat(3000) + "x\n")
                .with("maps.camel.yaml", "- " + "{a: ".repeat(3000) + "}".repeat(3000))
                .with("most.camel.yaml", "[".repeat(100) + "]".repeat(100))
                .with("one-more.camel.yaml", "[".repeat(101) + "]".repeat(101));

        String error = " error R009 lists and maps are more than 100 within each other";
        assertThat(findings()).containsExactly("alias.camel.yaml:1:46" + error,
                "block.camel.yaml:1:201" + error, "maps.camel.yaml:1:399" + error,
                "one-more.camel.yaml:1:101" + error);
    }

    @Test
    void folderOfTooManyFilesIsRefusedBeforeItIsParsed() throws IOException {
        for (int i = 0; i <= RouteFiles.MOST_FILES; i++) {
            with("file" + i + ".camel.yaml", "{");
        }

        assertThat(findings()).containsExactly(folder.toString() + " error R009 more than 500 route files,"
                + " the maximum for a folder. move other files to another folder");
    }

    @Test
    void valueThatIsTooLongIsRefusedAtItsPlaceAndItsFileIsNotReadFurther() throws IOException {
        with("key.camel.yaml", "- ? " + "k".repeat(16_385) + "\n  : a\n")
                .with("most.camel.yaml", ROUTE.replace("ä", "a".repeat(16_384)))
                .with("value.camel.yaml", ROUTE.replace("ä", "'{{" + " ".repeat(16_383) + "'"));

        String error = " error R009 a text of more than 16384 characters, the maximum for a value";
        assertThat(findings()).containsExactly("key.camel.yaml:1:5" + error, "value.camel.yaml:7:22" + error);
        assertThat(read(new Findings())).extracting(list -> list.place().file().getFileName().toString())
                .containsExactly("good.camel.yaml", "most.camel.yaml");
    }

    /** Each line doubles the one before: a million values. */
    @Test
    void aliasesThatMultiplyAreRefusedWhereTheValuesAreTooMany() throws IOException {
        StringBuilder aliases = new StringBuilder("- &a0 [x]\n");
        for (int i = 1; i <= 20; i++) {
            aliases.append("- &a%d [*a%d, *a%d]\n".formatted(i, i - 1, i - 1));
        }
        with("alias.camel.yaml", aliases.toString());

        assertThat(findings()).singleElement().asString().startsWith("alias.camel.yaml:")
                .contains(" error R009 more than 40000 values, the maximum for all files together");
    }

    @Test
    void fileOfTooManyValuesIsReadNoFurther() throws IOException {
        with("many.camel.yaml", "[" + "[],".repeat(80_000) + "broken");

        assertThat(findings()).singleElement().asString().startsWith("many.camel.yaml:1:")
                .contains(" error R009 more than 40000 values");
    }

    @Test
    void namesAndValuesInFindingsBreakNoLineAndAreCut() throws IOException {
        with("line\nbreak.camel.yaml", "").with("twice.camel.yaml",
                "- {\"a\\e[31m\\u202E\\nb\": 1, \"a\\e[31m\\u202E\\nb\": 2}\n- {" + "k".repeat(900) + ": 1, "
                + "k".repeat(900) + ": 2}\n");

        assertThat(findings()).containsExactly(
                "line\\u000abreak.camel.yaml error R008 empty: a route file holds a list of routes. delete the file",
                "twice.camel.yaml:1:27 error R006 key \"a\\u001b[31m\\u202e\\u000ab\" is given twice in this map."
                + " the first is in line 1, and this one wins",
                "twice.camel.yaml:2:909 error R006 key \"" + "k".repeat(295) + "…" + "k".repeat(72)
                + "\" is given twice in this map. the first is in line 2, and this one wins");
    }

    @Test
    void keyGivenTwiceIsRefusedAtTheSecondAndNamesTheFirst() throws IOException {
        with("twice.camel.yaml", ROUTE.replace("    id: one\n", "    id: one\n    id: two\n"));

        assertThat(findings()).containsExactly("twice.camel.yaml:3:5 error R006 key \"id\" is given twice in"
                + " this map. the first is in line 2, and this one wins");
    }
}
