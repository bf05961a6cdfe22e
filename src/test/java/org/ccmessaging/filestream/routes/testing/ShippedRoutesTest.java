package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

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
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code routes/tests/*.test.yaml}, a part of the contract, run by the code of the command {@code routes test}. */
@ExpectedErrors.Of(logger = "filestream", texts = {"unforeseen", "no keys", "a test wants it so"})
class ShippedRoutesTest {

    private static final Path ROUTES = Path.of("routes");

    @TestFactory
    Stream<DynamicTest> testsOfAuthorsPassAndRunEveryStep() {
        List<Result> results = new ArrayList<>();
        new Suite(FileStreamApplication.class, RouteFiles.read(ROUTES), Map.of(), false)
                .run(TestFiles.read(ROUTES), results::add);
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
        List<Result> results = new ArrayList<>();

        new Suite(FileStreamApplication.class, RouteFiles.read(ROUTES), settings, false).run(TestFiles.read(ROUTES)
                .stream().filter(test -> test.settings().isEmpty()).toList(), results::add);

        assertThat(results).hasSizeGreaterThan(80).filteredOn(result -> !result.passed())
                .flatExtracting(Result::lines).isEmpty();
        assertThat(results.stream().filter(Result::skipped)).hasSizeLessThan(60);
    }
}
