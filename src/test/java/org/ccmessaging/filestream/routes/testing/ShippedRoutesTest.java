package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code routes/tests/*.test.yaml}, a part of the contract, run by the code of the command {@code routes test}. */
@ExpectedErrors.Of(logger = "filestream", texts = {"unforeseen", "no keys", "a test wants it so"})
class ShippedRoutesTest {

    private static final Path ROUTES = Path.of("routes");

    private static List<Result> run(List<TestCase> tests, Map<String, String> settings) {
        List<Result> results = new ArrayList<>();
        new Suite(FileStreamApplication.class, RouteFiles.read(ROUTES), settings, false).run(tests, results::add);
        return results;
    }

    @TestFactory
    Stream<DynamicTest> testsOfAuthorsPassAndRunEveryStep() {
        List<Result> results = run(TestFiles.read(ROUTES), Map.of());
        Set<String> ran = results.stream().flatMap(result -> result.steps().stream()).collect(Collectors.toSet());

        return Stream.concat(
                results.stream().map(result -> dynamicTest(result.test().name(), () -> {
                    if (!result.passed()) {
                        fail(String.join("\n", result.lines()));
                    }
                    assertThat(result.skipped()).isFalse();
                })),
                // Of a branch or a clause, Camel runs only the steps in it.
                OwnRoutes.shipped().allSteps().filter(step -> step.withAllBelow().count() == 1)
                        .map(step -> dynamicTest("step " + step.id() + " runs",
                                () -> assertThat(ran).contains(step.id()))));
    }

    /** One service runs most of the tests. The others set all three types or have a catalogue, and do so above. */
    @ParameterizedTest
    @ValueSource(strings = {"filesystem", "s3"})
    void testsOfAuthorsPassOrAreSkippedWithAnyTypeOfTheBranches(String type) {
        Map<String, String> settings = Map.of("filestream.storage.local.type", type,
                "filestream.storage.multimedia-library.type", type, "filestream.storage.standard.type", type);

        List<Result> results =
                run(TestFiles.read(ROUTES).stream().filter(test -> test.settings().isEmpty()).toList(), settings);

        assertThat(results).hasSizeGreaterThan(80).filteredOn(result -> !result.passed())
                .flatExtracting(Result::lines).isEmpty();
        assertThat(results.stream().filter(Result::skipped)).hasSizeLessThan(60);
    }

    @Test
    void keyOfTheCatalogueIsRememberedForTheNextRequest() {
        String test = """
                - test: a lookup
                  files: { multimedia-library: { demo/films/a.txt: hello } }
                  catalogue: { demo: { "117": films/a.txt } }
                  request: { fileId: "117", multiMedia: multiMedia }
                  expect: { file: hello, %s: [select-object-key] }
                """;
        List<TestCase> tests = TestFiles.parse(Map.of(Path.of("a.test.yaml"),
                (test.formatted("steps") + test.formatted("skipped")).getBytes(StandardCharsets.UTF_8)));

        assertThat(run(tests, Map.of("filestream.library.cache", "10m"))).allMatch(Result::passed);
    }
}
