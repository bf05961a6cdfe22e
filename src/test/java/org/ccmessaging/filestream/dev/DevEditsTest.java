package org.ccmessaging.filestream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What development mode prints of the tests after an edit. */
class DevEditsTest {

    private static List<String> outcome(int failed, String summary) {
        Stream<String> failures = IntStream.rangeClosed(1, failed).boxed().flatMap(i ->
                Stream.of("FAILED  test " + i, "a.test.yaml:" + i + ":3  status", "    - 200", "    + 500"));
        return DevEdits.outcome(Stream.concat(failures, Stream.of(summary)).toList(), false);
    }

    @Test
    void firstThreeFailuresAreShownWithPlaceAndDifference() {
        assertThat(outcome(4, "9 tests, 4 failed, 2 skipped, 1.2 s")).startsWith("FAILED  test 1",
                        "a.test.yaml:1:3  status", "    - 200", "    + 500", "FAILED  test 2")
                .endsWith("    + 500", "tests: 4 of 9 failed; `routes test` shows all")
                .doesNotContain("FAILED  test 4");
        assertThat(outcome(3, "9 tests, 3 failed, 1.2 s")).contains("FAILED  test 3").endsWith("tests: 3 of 9 failed");
    }

    @Test
    void testsThatPassWithChangedSettingsSayThatTheProcessNeedsARestart() {
        assertThat(DevEdits.outcome(List.of("9 tests, 0 failed, 1.2 s"), true)).containsExactly(
                "tests: all 9 passed (1.2 s) with the new settings; restart, because settings are read at startup");
    }

    @Test
    void reasonIsShownIfTheTestsCouldNotRun() {
        assertThat(DevEdits.outcome(List.of("a.test.yaml:2:3  error  unknown member", "no test ran"), true))
                .containsExactly("tests: they could not run", "a.test.yaml:2:3  error  unknown member", "no test ran");
    }
}
