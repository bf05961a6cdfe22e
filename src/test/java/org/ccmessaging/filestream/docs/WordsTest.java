package org.ccmessaging.filestream.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.StringTokenizer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No page has more words than its budget. The results of the benchmark do not count. */
class WordsTest {

    private static final List<Document> PAGES = Document.all().stream()
            .filter(page -> !page.path().startsWith("bench/results")).toList();

    private static int words(Predicate<Path> pages) {
        return PAGES.stream().filter(page -> pages.test(page.path()))
                .mapToInt(page -> new StringTokenizer(page.text()).countTokens()).sum();
    }

    @ParameterizedTest
    @CsvSource({"README.md, 900", "docs/contract.md, 2200", "docs/web-clients.md, 900", "docs/deployment.md, 3500",
        "docs/identity.md, 1500", "docs/operation.md, 4000", "docs/editing-routes.md, 4500",
        "docs/reliability.md, 2200", "docs/architecture.md, 1200", "docs/decisions, 4500", "CONTRIBUTING.md, 1000",
        "SECURITY.md, 1000", "INVARIANTS.md, 1000", "CHANGELOG.md, 400", "security, 300"})
    void pageKeepsItsBudget(Path page, int most) {
        assertThat(words(path -> path.startsWith(page))).isBetween(1, most);
    }

    @Test
    void pagesTogetherKeepTheirBudget() {
        assertThat(words(path -> path.startsWith("deploy") || path.startsWith("bench"))).isBetween(1, 1600);
        assertThat(words(path -> true)).isBetween(1, 30_000);
    }

    @Test
    void decisionsAreFew() {
        assertThat(PAGES).extracting(Document::path).filteredOn(path -> path.startsWith("docs/decisions")
                && !path.endsWith("README.md")).hasSizeBetween(1, 14);
    }
}
