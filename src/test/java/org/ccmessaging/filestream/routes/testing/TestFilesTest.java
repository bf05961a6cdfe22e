package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mistakes that the reader of {@code *.test.yaml} reports, by the schema that editors use. */
class TestFilesTest {

    private static List<String> problems(String yaml) {
        try {
            TestFiles.parse(Map.of(Path.of("a.test.yaml"), yaml.getBytes(StandardCharsets.UTF_8)));
            return List.of();
        } catch (InvalidRoutesException invalid) {
            return invalid.report().findings().stream()
                    .map(finding -> String.join(" / ", Report.lines(finding).toList()).replaceAll(" +", " ")).toList();
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/cli/mistakes-in-tests.csv", delimiter = '|', quoteCharacter = '`')
    void mistakeIsNamedWithItsPlaceAndWhatWasMeant(String yaml, String findings) {
        assertThat(String.join("\n", problems(yaml.translateEscapes()))).isEqualTo(findings.translateEscapes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"filestream.routes.classes: java.lang.Runtime", "filestream.auth.issuer: me", "x: 1",
        "spring.config.import: 'file:/etc/x'", "camel.main.name: x", "logging.file.name: x", "server.port: 1",
        "management.server.port: 1", "filestream.s3.endpoint: 'http://elsewhere'",
        "filestream.storage.local.root: /", "filestream.storage.standard.s3.endpoint: 'http://elsewhere'"})
    void settingThatIsNotMeantForTestsIsAMistakeThatNamesThoseThatAre(String setting) {
        assertThat(problems("- test: a\n  settings: { " + setting + " }\n  expect: {}\n")).singleElement().asString()
                .startsWith("a.test.yaml:2:15 error settings cannot have " + setting.split(":")[0]
                        + " / a test may set filestream.storage.<branch>.type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${FILESTREAM_S3_SECRET_KEY}", "#{systemEnvironment}", "a/${variable.tenantId}/${HOME}",
        "$${variable.x}{HOME}"})
    void settingOfATestReadsNothing(String value) {
        assertThat(problems("- test: a\n  settings: { filestream.storage.local.key: '" + value
                + "' }\n  expect: {}\n")).singleElement().asString()
                .startsWith("a.test.yaml:2:45 error filestream.storage.local.key cannot be " + value);
    }

    @Test
    void settingsOfBranchesDownloadsAndTheStoreAreGood() {
        assertThat(problems("""
                - test: a
                  settings:
                    filestream.storage.local.type: s3
                    filestream.storage.local.key: a/${variable.tenantId}/${variable.objectKey}
                    filestream.download.rate.tenant-bytes: 10MB
                    filestream.s3.circuit-open-time: 5s
                  expect: {}
                """)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../x", "demo/../../x", "/etc/x", "demo/.."})
    void fileOutsideOfItsBranchIsAMistake(String key) {
        assertThat(problems("- test: a\n  files: { standard: { '" + key + "': b } }\n  expect: {}\n"))
                .singleElement().asString()
                .startsWith("a.test.yaml:2:24 error standard cannot have " + key + " / write the complete key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://other-host/x", "x", "@other-host/x", "5/x"})
    void requestToAnotherHostIsAMistake(String path) {
        assertThat(problems("- test: a\n  request: { path: '" + path + "' }\n  expect: {}\n")).singleElement()
                .asString().startsWith("a.test.yaml:2:20 error path cannot be " + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a)\\1", "(?!0$).+", "["})
    void regularExpressionThatMayTakeForeverIsAMistake(String expression) {
        assertThat(problems("- test: a\n  expect: { headers: { x: { matches: '" + expression + "' } } }\n"))
                .singleElement().asString().startsWith("a.test.yaml:2:38 error no regular expression: ")
                .contains("RE2");
    }

    @Test
    void regularExpressionTakesTimeInProportionToTheText() {
        assertThat(TestFiles.pattern("(a+)+b").matches("a".repeat(100_000))).isFalse();
    }

    @Test
    void editorsAndTheCommandCheckByTheSameSchema() throws IOException {
        assertThat(Files.readString(Path.of("schemas/routes-test.schema.json"))).isEqualTo(TestFiles.schema());
    }

    @Test
    void editorsFindTheSchemas() throws IOException {
        assertThat(Files.readString(Path.of(".vscode/settings.json")))
                .contains("./schemas/routes-test.schema.json", "routes/tests/*.test.yaml", "routes/*.camel.yaml");
    }
}
