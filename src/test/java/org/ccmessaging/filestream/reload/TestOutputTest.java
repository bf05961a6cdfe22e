package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators read of a run of tests: a line for each thing that is wrong. */
class TestOutputTest {

    private static final Path COPY = Path.of("/tmp/filestream-trial1/routes");

    private static List<String> errors(String output) {
        return TestOutput.errors(output.lines().toList(), COPY, Path.of("my/routes"));
    }

    @Test
    void eachExpectationThatFailedIsALineWithThePlaceInTheFolderThatPeopleKnow() {
        assertThat(errors("""
                FAILED  a file is there
                /tmp/filestream-trial1/routes/tests/a.test.yaml:11:17  resultCode
                    - 0
                    + 13
                /tmp/filestream-trial1/routes/tests/a.test.yaml:12:19  steps, of which take-object did not run
                    - scan
                    - take-object
                    + record-download
                    + authenticate
                    log: java.net.SocketTimeoutException: Read timed out

                FAILED  another
                /tmp/filestream-trial1/routes/tests/b.test.yaml:1:1  status
                    - 200
                    + 500

                91 tests, 2 failed, 98 % of the steps, 4.2 s
                """)).containsExactly(
                "my/routes/tests/a.test.yaml:11:17  resultCode: expected 0; came 13 (test \"a file is there\")",
                "my/routes/tests/a.test.yaml:12:19  steps, of which take-object did not run: expected scan,"
                        + " take-object; came record-download, authenticate (test \"a file is there\")",
                "    log: java.net.SocketTimeoutException: Read timed out",
                "my/routes/tests/b.test.yaml:1:1  status: expected 200; came 500 (test \"another\")");
    }

    @Test
    void mistakesInTestFilesAndErrorsOfRoutesStayAsTheyAre() {
        assertThat(errors("""
                /tmp/filestream-trial1/routes/tests/a.test.yaml:2:3  error  unknown member "expct" of the test
                    did you mean expect?
                no test ran; mistakes in the test files: 1
                """)).containsExactly(
                "my/routes/tests/a.test.yaml:2:3  error  unknown member \"expct\" of the test",
                "    did you mean expect?", "no test ran; mistakes in the test files: 1");
    }

    @Test
    void testsThatWereSkippedAreNotWrong() {
        assertThat(errors("""
                FAILED  another
                b.test.yaml:1:1  status
                    - 200
                    + 500

                1 test skipped: it names steps of route read-a, which is left out here (precondition {{a}})
                20 tests skipped: they name steps of route read-s3, which is left out here (precondition {{b}})
                91 tests, 1 failed, 21 skipped, 98 % of the steps, 4.2 s
                """)).containsExactly("b.test.yaml:1:1  status: expected 200; came 500 (test \"another\")");
    }

    @Test
    void lastFailureCountsThoughTheProcessWasCutOff() {
        assertThat(errors("FAILED  a\nx:1:1  status\n    - 200\n    + 500")).containsExactly(
                "x:1:1  status: expected 200; came 500 (test \"a\")");
    }

    @Test
    void longLineIsShortened() {
        assertThat(errors("x".repeat(1_000))).singleElement().asString().hasSize(301).endsWith("…");
    }
}
