package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The mistakes that the reader of {@code *.test.yaml} reports, by the schema that editors use. */
class TestFilesTest {

    private static List<String> problems(String yaml) {
        try {
            TestFiles.parse(Map.of(Path.of("a.test.yaml"), yaml.getBytes(StandardCharsets.UTF_8)));
            return List.of();
        } catch (InvalidRoutesException invalid) {
            return invalid.report().findings().stream()
                    .map(finding -> String.join(" / ", finding.lines().toList()).replaceAll(" +", " ")).toList();
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/cli/mistakes-in-tests.csv", delimiter = '|', quoteCharacter = '`')
    void mistakeIsNamedWithItsPlaceAndWhatWasMeant(String yaml, String findings) {
        assertThat(String.join("\n", problems(yaml.translateEscapes()))).isEqualTo(findings.translateEscapes());
    }

    @Test
    void mocksOfAllTestsHaveTheSchemaOfTheMocksOfATest(@TempDir Path routes) throws IOException {
        Path mocks = Files.createDirectory(routes.resolve("tests")).resolve("mocks.yaml");
        Files.writeString(mocks, "scan: { bdy: clean }\ntell: {}\n");

        assertThatExceptionOfType(InvalidRoutesException.class).isThrownBy(() -> TestFiles.read(routes))
                .withMessageStartingWith(mocks + ":1:9  error  unknown member \"bdy\" of scan\n")
                .withMessageContaining("did you mean body?");
    }
}
