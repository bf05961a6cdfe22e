package org.ccmessaging.filestream.routes.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.ccmessaging.filestream.routes.RouteFiles;
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

    private RouteTexts texts;

    @BeforeEach
    void oneGoodFile() {
        texts = new RouteTexts(folder).with("good.camel.yaml", ROUTE);
    }

    @Test
    void goodFileHasNothingToReport() {
        assertThat(texts.textFindings()).isEmpty();
    }

    @Test
    void filesThatCamelSkipsAreWarnedOf() {
        texts.with("a.camel.yml", ROUTE).with("b.yaml", ROUTE).with("sub/c.camel.yaml", ROUTE)
                .with(".d.camel.yaml", ROUTE).with("e.camel.yaml~", ROUTE).with("e.camel.yaml.bak", ROUTE)
                .with("tests/t.test.yaml", ROUTE).with("README.md", "").with("..data/f.camel.yaml", ROUTE);

        assertThat(texts.textFindings()).hasSize(6).allSatisfy(line -> assertThat(line)
                .contains("warning R004 not read: only *.camel.yaml directly in "))
                .extracting(line -> line.split(" ")[0]).containsExactlyInAnyOrder("a.camel.yml", "b.yaml",
                        "sub/c.camel.yaml", ".d.camel.yaml", "e.camel.yaml~", "e.camel.yaml.bak");
    }

    @Test
    void otherEncodingsAreRefusedWhereTheyShow() {
        texts.with("latin.camel.yaml", ROUTE.getBytes(ISO_8859_1)).with("utf16.camel.yaml", ROUTE.getBytes(UTF_16))
                .with("utf16le.camel.yaml", ROUTE.getBytes(UTF_16LE))
                .with("bom.camel.yaml", ("\uFEFF" + ROUTE).getBytes(UTF_8));

        assertThat(texts.textFindings()).containsExactly(
                "bom.camel.yaml:1:1 warning R001 a byte order mark before the first character."
                        + " save the file as UTF-8 without BOM",
                "latin.camel.yaml:7:22 error R001 byte 0xE4 is not UTF-8: a route file is UTF-8."
                        + " save the file as UTF-8",
                "utf16.camel.yaml error R001 UTF-16 or UTF-32: a route file is UTF-8. save the file as UTF-8",
                "utf16le.camel.yaml error R001 UTF-16 or UTF-32: a route file is UTF-8. save the file as UTF-8");
    }

    @Test
    void tabsSyntaxAndWhatIsNoListOfRoutesAreRefused() {
        texts.with("tab.camel.yaml", ROUTE.replace("    id: one", "\tid: one"))
                .with("syntax.camel.yaml", ROUTE.replace("from:", "from: {"))
                .with("empty.camel.yaml", "").with("comment.camel.yaml", "# nothing\n")
                .with("null.camel.yaml", "---\n").with("map.camel.yaml", "route:\n  id: a\n")
                .with("two.camel.yaml", ROUTE + "---\n" + ROUTE)
                .with("large.camel.yaml", ROUTE + "#".repeat(1024 * 1024))
                .with("alias.camel.yaml", "- route: &a\n    id: *a\n");

        assertThat(texts.textFindings()).extracting(line -> line.split(": ")[0].replaceAll("(R\\d+).*", "$1"))
                .containsExactly("alias.camel.yaml:1:10 error R009", "comment.camel.yaml error R008",
                        "empty.camel.yaml error R008", "large.camel.yaml error R009", "map.camel.yaml:1:1 error R008",
                        "null.camel.yaml:2:1 error R008", "syntax.camel.yaml:5:12 error R003",
                        "tab.camel.yaml:2:1 error R003", "two.camel.yaml:8:1 error R003");
    }

    /** Each of them may be there by itself. */
    @Test
    void setThatIsTooLargeIsRefusedBeforeItIsParsed() {
        for (int i = 1; i <= 5; i++) {
            texts.with("large" + i + ".camel.yaml", ROUTE + "#".repeat(200_000));
        }
        texts.with("broken.camel.yaml", ROUTE.replace("from:", "from: {"));

        assertThat(texts.textFindings()).containsExactly(folder.toString() + " error R009 the route files are more than"
                + " 524288 bytes, the maximum for all together. move other files to another folder");
        assertThat(texts.read(new Findings()).lists()).isEmpty();
        assertThat(RouteFiles.read(folder).contents().values().stream().mapToLong(bytes -> bytes.length).sum())
                .isLessThan(2L * RouteFiles.MOST_BYTES);
    }

    @Test
    void listsWithinListsAreRefusedWhereTheyAreTooMany() {
        StringBuilder aliases = new StringBuilder("- &a0 " + "[".repeat(60) + "]".repeat(60) + "\n");
        for (int i = 1; i <= 40; i++) {
            aliases.append("- &a" + i + " " + "[".repeat(60) + "*a" + (i - 1) + "]".repeat(60) + "\n");
        }
        texts.with("alias.camel.yaml", aliases.toString()).with("block.camel.yaml", "- " + "- ".repeat(3000) + "x\n")
                .with("maps.camel.yaml", "- " + "{a: ".repeat(3000) + "}".repeat(3000))
                .with("most.camel.yaml", "[".repeat(100) + "]".repeat(100))
                .with("one-more.camel.yaml", "[".repeat(101) + "]".repeat(101));

        String error = " error R009 lists and maps are more than 100 within each other";
        assertThat(texts.textFindings()).containsExactly("alias.camel.yaml:1:46" + error,
                "block.camel.yaml:1:201" + error, "maps.camel.yaml:1:399" + error,
                "one-more.camel.yaml:1:101" + error);
    }

    @Test
    void folderOfTooManyFilesIsRefusedBeforeItIsParsed() {
        for (int i = 0; i <= RouteFiles.MOST_FILES; i++) {
            texts.with("file" + i + ".camel.yaml", "{");
        }

        assertThat(texts.textFindings()).containsExactly(folder.toString() + " error R009 more than 500 route files,"
                + " the maximum for a folder. move other files to another folder");
    }

    @Test
    void valueThatIsTooLongIsRefusedAtItsPlaceAndItsFileIsNotReadFurther() {
        texts.with("key.camel.yaml", "- ? " + "k".repeat(16_385) + "\n  : a\n")
                .with("most.camel.yaml", ROUTE.replace("ä", "a".repeat(16_384)))
                .with("value.camel.yaml", ROUTE.replace("ä", "'{{" + " ".repeat(16_383) + "'"));

        String error = " error R009 a text of more than 16384 characters, the maximum for a value";
        assertThat(texts.textFindings()).containsExactly("key.camel.yaml:1:5" + error, "value.camel.yaml:7:22" + error);
        assertThat(texts.read(new Findings()).lists()).extracting(list -> list.place().file().getFileName().toString())
                .containsExactly("good.camel.yaml", "most.camel.yaml");
    }

    /** Each line doubles the one before: a million values. */
    @Test
    void aliasesThatMultiplyAreRefusedWhereTheValuesAreTooMany() {
        StringBuilder aliases = new StringBuilder("- &a0 [x]\n");
        for (int i = 1; i <= 20; i++) {
            aliases.append("- &a%d [*a%d, *a%d]\n".formatted(i, i - 1, i - 1));
        }
        texts.with("alias.camel.yaml", aliases.toString());

        assertThat(texts.textFindings()).singleElement().asString().startsWith("alias.camel.yaml:")
                .contains(" error R009 more than 40000 values, the maximum for all files together");
    }

    @Test
    void namesAndValuesInFindingsBreakNoLineAndAreCut() {
        texts.with("line\nbreak.camel.yaml", "").with("twice.camel.yaml",
                "- {\"a\\e[31m\\u202E\\nb\": 1, \"a\\e[31m\\u202E\\nb\": 2}\n- {" + "k".repeat(900) + ": 1, "
                + "k".repeat(900) + ": 2}\n");

        assertThat(texts.textFindings()).containsExactly(
                "line\\u000abreak.camel.yaml error R008 empty: a route file holds a list of routes. delete the file",
                "twice.camel.yaml:1:27 error R006 key \"a\\u001b[31m\\u202e\\u000ab\" is given twice in this map."
                + " the first is in line 1, and this one wins",
                "twice.camel.yaml:2:909 error R006 key \"" + "k".repeat(295) + "…" + "k".repeat(72)
                + "\" is given twice in this map. the first is in line 2, and this one wins");
    }

    @Test
    void keyGivenTwiceIsRefusedAtTheSecondAndNamesTheFirst() {
        texts.with("twice.camel.yaml", ROUTE.replace("    id: one\n", "    id: one\n    id: two\n"));

        assertThat(texts.textFindings()).containsExactly("twice.camel.yaml:3:5 error R006 key \"id\" is given twice in"
                + " this map. the first is in line 2, and this one wins");
    }
}
