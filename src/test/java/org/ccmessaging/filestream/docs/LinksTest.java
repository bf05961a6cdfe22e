package org.ccmessaging.filestream.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link in the documents leads somewhere. */
class LinksTest {

    private static final Path REPOSITORY = Path.of("");

    static List<Document> documents() {
        return Document.all(REPOSITORY);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkOfTheDocumentLeadsSomewhere(Document document) {
        assertThat(document.brokenLinks(REPOSITORY)).isEmpty();
    }

    @Test
    void readmeAndTheFoldersAreAmongTheDocuments() {
        assertThat(documents()).extracting(Document::toString)
                .contains("README.md", "docs/contract.md", "deploy/scale-out/README.md", "bench/README.md")
                .noneMatch(path -> path.contains("node_modules") || path.startsWith("target"));
    }

    @Test
    void brokenLinkIsNamedWithItsFileAndLine(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("there.md"), "# Here it is\n");
        Files.createDirectory(folder.resolve("inside"));
        Path page = Files.writeString(folder.resolve("page.md"), """
                # Page
                [right](there.md), [folder](inside), [elsewhere](https://example.com/nowhere.md)
                [heading](there.md#here-it-is), [own heading](#page), `[code](nowhere.md)`
                ```
                [code](nowhere.md)
                ```
                [gone](nowhere.md), ![picture](nowhere.png)
                [no such
                heading](there.md#nowhere) and [outside](../there.md)
                """);

        assertThat(Document.read(page).brokenLinks(folder)).containsExactly(
                page + ":7 links to nowhere.md",
                page + ":7 links to nowhere.png",
                page + ":9 links to there.md#nowhere",
                page + ":9 links to ../there.md");
    }
}
