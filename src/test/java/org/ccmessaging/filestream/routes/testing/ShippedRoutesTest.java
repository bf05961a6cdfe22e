package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** The types of the branches local, multimedia-library and standard. */
    static Stream<List<String>> mixes() {
        List<String> types = List.of("filesystem", "s3");
        return types.stream().flatMap(local -> types.stream().flatMap(library -> types.stream()
                .map(standard -> List.of(local, library, standard))));
    }

    /** One service runs most of the tests. The others set all three types or have a catalogue, and do so above. */
    @ParameterizedTest
    @MethodSource("mixes")
    void testsOfAuthorsPassOrAreSkippedWithAnyTypesOfTheBranches(List<String> types, @TempDir Path folder)
            throws IOException {
        new OwnRoutes(folder);
        Map<String, String> settings = new HashMap<>();
        for (String branch : List.of("local", "multimedia-library", "standard")) {
            settings.put("filestream.storage." + branch + ".type", types.get(settings.size()));
        }
        List<Result> results = new ArrayList<>();

        new Suite(FileStreamApplication.class, RouteFiles.read(folder), settings, false).run(TestFiles.read(ROUTES)
                .stream().filter(test -> test.settings().isEmpty()).toList(), results::add);

        assertThat(results).hasSizeGreaterThan(80).filteredOn(result -> !result.passed())
                .flatExtracting(Result::lines).isEmpty();
        assertThat(results.stream().filter(Result::skipped)).hasSizeLessThan(60);
    }
}
