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

    @Test
    void unknownMemberIsNamedWithItsPlaceAndWhatWasMeant() {
        assertThat(problems("- test: a\n  moch: {}\n  expect: {}\n"))
                .containsExactly("a.test.yaml:2:3 error unknown member \"moch\" of the test"
                        + " / did you mean mock?");
        assertThat(problems("- test: a\n  expect:\n    resultcod: 1\n"))
                .containsExactly("a.test.yaml:3:5 error unknown member \"resultcod\" of expect"
                        + " / did you mean resultCode?");
        assertThat(problems("- test: a\n  fail: { get-object: { stal: true } }\n  expect: {}\n"))
                .containsExactly("a.test.yaml:2:25 error unknown member \"stal\" of get-object / did you mean stall?");
    }

    @Test
    void unknownMemberThatResemblesNoneIsNamedWithThoseThatAreThere() {
        assertThat(problems("- test: a\n  files: { standard: { a: { x: 1 } } }\n  expect: {}\n"))
                .containsExactly("a.test.yaml:2:29 error unknown member \"x\" of a / its members are size, base64,"
                + " content, tags");
    }

    @Test
    void testWithoutExpectationIsAMistake() {
        assertThat(problems("- test: a\n"))
                .containsExactly("a.test.yaml:1:3 error the test: required property 'expect' not found");
    }

    @Test
    void valueOfAnotherKindIsNamedWithWhatIsExpected() {
        assertThat(problems("- test: a\n  expect: { status: OK }\n"))
                .containsExactly("a.test.yaml:2:21 error status: string found, number expected");
        assertThat(problems("- test: a\n  request: { accessToken: expird }\n  expect: {}\n"))
                .containsExactly("a.test.yaml:2:27 error accessToken: does not have a value in the enumeration"
                        + " [\"valid\", \"expired\", \"forged\", \"malformed\", \"missing\"]");
        assertThat(problems("- test: a\n  mock: { scan: [] }\n  expect: { file: [] }\n")).containsExactly(
                "a.test.yaml:2:17 error scan: array found, [object, null] expected",
                "a.test.yaml:3:19 error file: array found, [object, string, number, boolean, null] expected");
    }

    @Test
    void sizeThatIsNoneIsAMistake() {
        assertThat(problems("- test: a\n  files: { standard: { a: { size: big } } }\n  expect: {}\n"))
                .containsExactly("a.test.yaml:2:35 error size cannot be big"
                        + " / So many bytes, the same each time: 64KB, 5MB.");
        assertThat(problems("- test: a\n  fail: { get-object: { after: 5000000000 } }\n  expect: {}\n"))
                .singleElement().asString().startsWith("a.test.yaml:2:32 error after cannot be 5000000000");
    }

    @Test
    void base64ThatIsNoneIsAMistake() {
        assertThat(problems("- test: a\n  expect: { file: { base64: '????' } }\n"))
                .containsExactly("a.test.yaml:2:29 error base64 cannot be ???? / Bytes as Base64.");
    }

    @Test
    void fileThatIsNoListAndTextThatIsNoYamlAreMistakes() {
        assertThat(problems("test: a\n")).singleElement().asString().contains("a test file holds a list of tests");
        assertThat(problems("- test: [\n")).singleElement().asString().contains("not YAML");
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
