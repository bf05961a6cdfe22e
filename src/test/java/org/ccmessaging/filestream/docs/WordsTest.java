package org.ccmessaging.filestream.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.StringTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No page has more words than its budget. The results of the benchmark do not count. */
class WordsTest {

    private static final int MOST = 30_000;

    private static final List<Document> PAGES = Document.all(Path.of("")).stream()
            .filter(page -> !page.path().startsWith("bench/results")).toList();

    private static int words(List<Document> pages) {
        return pages.stream().mapToInt(page -> new StringTokenizer(page.text()).countTokens()).sum();
    }

    @ParameterizedTest
    @CsvSource({"README.md, 900", "docs/contract.md, 2200", "docs/web-clients.md, 900", "docs/deployment.md, 3500",
        "docs/identity.md, 1500", "docs/operation.md, 4000", "docs/editing-routes.md, 4500",
        "docs/reliability.md, 2200", "docs/architecture.md, 1200", "docs/decisions, 4500", "CONTRIBUTING.md, 1000",
        "SECURITY.md, 1000", "INVARIANTS.md, 1000", "CHANGELOG.md, 400", "security, 300"})
    void pageKeepsItsBudget(Path page, int most) {
        assertThat(words(PAGES.stream().filter(document -> document.path().startsWith(page)).toList()))
                .isBetween(1, most);
    }

    @Test
    void deployAndBenchKeepTheirBudget() {
        assertThat(words(PAGES.stream().filter(document -> document.path().startsWith("deploy")
                || document.path().startsWith("bench")).toList())).isBetween(1, 1600);
    }

    @Test
    void pagesTogetherKeepTheirBudget() {
        assertThat(words(PAGES)).isBetween(1, MOST);
    }

    @Test
    void decisionsAreFew() {
        assertThat(PAGES.stream().filter(document -> document.path().startsWith("docs/decisions"))
                .filter(document -> !document.path().endsWith("README.md"))).hasSizeBetween(1, 14);
    }
}
