package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The collection {@code kaoto} was saved with Kaoto 2.7.1: files that it leaves as they are, and files that it changes,
 * each beside what it makes of it.
 */
class KaotoFormTest {

    private static final Path COLLECTION = Path.of("src/test/resources/kaoto");

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(RouteFiles::isOne).sorted().toList();
        }
    }

    static List<Path> shipped() throws IOException {
        return files(Path.of("routes"));
    }

    static List<Path> kept() throws IOException {
        return files(COLLECTION.resolve("kept"));
    }

    static List<Path> changed() throws IOException {
        return files(COLLECTION.resolve("changed"));
    }

    private static RouteFile read(Path file) throws IOException {
        return RouteFile.parse(file, Files.readAllBytes(file), new Findings()).orElseThrow();
    }

    private static List<Finding> findings(Path file) throws IOException {
        Findings findings = new Findings();
        new KaotoForm(read(file)).check(findings);
        return findings.sorted();
    }

    @Test
    void collectionIsLargeEnough() throws IOException {
        assertThat(kept()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(changed()).hasSizeGreaterThanOrEqualTo(20);
    }

    @ParameterizedTest
    @MethodSource({"shipped", "kept"})
    void fileThatKaotoKeepsHasNoWarning(Path file) throws IOException {
        assertThat(new KaotoForm(read(file)).text()).isEqualTo(Files.readString(file));
        assertThat(findings(file)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("changed")
    void fileThatKaotoChangesHasAWarningAtTheFirstLineOfThat(Path file) throws IOException {
        List<String> own = List.of(Files.readString(file).split("\n", -1));
        Path saved = file.resolveSibling(file.getFileName().toString().replace(".camel.yaml", ".saved.yaml"));
        List<String> other = List.of(Files.readString(saved).split("\n", -1));
        int line = 0;
        while (line < Math.min(own.size(), other.size()) && own.get(line).equals(other.get(line))) {
            line++;
        }

        List<Finding> found = findings(file);

        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.WARNING);
            assertThat(finding.code()).isEqualTo("R016");
        });
        assertThat(found.get(0).place().line()).isEqualTo(line + 1);
    }

    @ParameterizedTest
    @MethodSource("changed")
    void formIsThatOfKaoto(Path file) throws IOException {
        Path saved = file.resolveSibling(file.getFileName().toString().replace(".camel.yaml", ".saved.yaml"));

        assertThat(new KaotoForm(read(file)).text())
                .isEqualTo(Files.readString(saved).replaceAll("id: \\w+-\\d{4}\n", "id: an-id-that-Kaoto-makes-up\n"));
    }
}
