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
                .containsExactly("alias.camel.yaml:1:10 error R003", "comment.camel.yaml error R008",
                        "empty.camel.yaml error R008", "large.camel.yaml error R009", "map.camel.yaml:1:1 error R008",
                        "null.camel.yaml:2:1 error R008", "syntax.camel.yaml:5:12 error R003",
                        "tab.camel.yaml:2:1 error R003", "two.camel.yaml:9:1 error R003");
    }

    /** Each of them may be there by itself. */
    @Test
    void setThatIsTooLargeIsRefusedBeforeItIsParsed() {
        for (int i = 1; i <= 5; i++) {
            texts.with("large" + i + ".camel.yaml", ROUTE + "#".repeat(900_000));
        }
        texts.with("broken.camel.yaml", ROUTE.replace("from:", "from: {"));

        assertThat(texts.textFindings()).containsExactly(folder.toString() + " error R009 the route files are more than"
                + " 1048576 bytes, the maximum for all together. move other files to another folder");
        assertThat(texts.read(new Findings()).files()).isEmpty();
        assertThat(RouteFiles.read(folder).contents().values().stream().mapToLong(bytes -> bytes.length).sum())
                .isLessThan(3L * RouteFiles.LARGEST);
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

        String error = " error R003 lists and maps are more than 100 within each other. most often the"
                + " indentation of this line or of the one before is wrong";
        assertThat(texts.textFindings()).containsExactly("alias.camel.yaml:1:46" + error,
                "block.camel.yaml:1:201" + error, "maps.camel.yaml:1:399" + error,
                "one-more.camel.yaml:1:101" + error);
    }

    @Test
    void keyGivenTwiceIsRefusedAtTheSecondAndNamesTheFirst() {
        texts.with("twice.camel.yaml", ROUTE.replace("    id: one\n", "    id: one\n    id: two\n"));

        assertThat(texts.textFindings()).containsExactly("twice.camel.yaml:3:5 error R006 key \"id\" is given twice in"
                + " this map. the first is in line 2, and this one wins");
    }
}
