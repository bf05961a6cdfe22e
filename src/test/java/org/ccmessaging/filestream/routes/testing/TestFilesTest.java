package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the reader of {@code *.test.yaml} says of mistakes, and the schema that tells editors the same. */
class TestFilesTest {

    private static List<String> problems(String yaml) {
        Problems problems = new Problems();
        TestFiles.read(Path.of("a.test.yaml"), yaml.getBytes(StandardCharsets.UTF_8), new ArrayList<>(), problems);
        return problems.found().stream().map(problem -> String.join(" / ", problem.lines()).replaceAll(" +", " "))
                .toList();
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
    void testWithoutExpectationIsAMistake() {
        assertThat(problems("- test: a\n")).containsExactly("a.test.yaml:1:3 error the test has no member expect");
    }

    @Test
    void valueOfAnotherKindIsNamedWithWhatIsExpected() {
        assertThat(problems("- test: a\n  expect: { status: OK }\n"))
                .containsExactly("a.test.yaml:2:21 error status is a text: expected is a number");
        assertThat(problems("- test: a\n  request: { accessToken: expird }\n  expect: {}\n"))
                .containsExactly("a.test.yaml:2:27 error accessToken is \"expird\":"
                        + " expected is valid, expired, forged, malformed, missing / did you mean expired?");
    }

    @Test
    void sizeThatIsNoneIsAMistake() {
        assertThat(problems("- test: a\n  files: { standard: { a: { size: big } } }\n  expect: {}\n"))
                .singleElement().asString().startsWith("a.test.yaml:2:27 error").contains("'big'");
    }

    @Test
    void fileThatIsNoListAndTextThatIsNoYamlAreMistakes() {
        assertThat(problems("test: a\n")).singleElement().asString().contains("a test file holds a list of tests");
        assertThat(problems("- test: [\n")).singleElement().asString().contains("not YAML");
    }

    /** {@code java -jar target/ccmessaging-filestream.jar routes test --schema > schemas/routes-test.schema.json} */
    @Test
    void schemaForEditorsIsMadeFromTheCode() throws IOException {
        assertThat(Files.readString(Path.of("schemas/routes-test.schema.json"))).isEqualTo(TestFormat.jsonSchema());
    }

    @Test
    void editorsFindTheSchemas() throws IOException {
        assertThat(Files.readString(Path.of(".vscode/settings.json")))
                .contains("./schemas/routes-test.schema.json", "routes/tests/*.test.yaml", "routes/*.camel.yaml");
    }
}
