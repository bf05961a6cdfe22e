package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code routes/tests/*.test.yaml}, a part of the contract, run by the code of the command {@code routes test}. */
@ExpectedErrors.Of(logger = "filestream", texts = {"unforeseen", "no keys", "a test wants it so"})
class ShippedRoutesTest {

    private static final Path ROUTES = Path.of("routes");

    @TestFactory
    Stream<DynamicTest> testsOfAuthorsPassAndRunEveryStep() {
        List<Result> results = new ArrayList<>();
        Coverage coverage = new Suite(FileStreamApplication.class, RouteFiles.read(ROUTES),
                Map.of(), false).run(TestFiles.read(ROUTES), false, results::add);

        return Stream.concat(
                results.stream().map(result -> dynamicTest(result.test().name(), () -> {
                    if (!result.passed()) {
                        fail(String.join("\n", result.lines()));
                    }
                    assertThat(result.skipped()).isFalse();
                })),
                Stream.of(dynamicTest("every step of the routes has run", () -> {
                    assertThat(coverage.percent()).as(String.join("\n", coverage.lines())).isEqualTo(100);
                    assertThat(coverage.routes()).extracting(Coverage.Part::name).contains("route read-s3");
                })));
    }
}
