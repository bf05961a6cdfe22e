package org.ccmessaging.filestream.cli;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.testing.Coverage;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestCase;
import org.ccmessaging.filestream.routes.testing.TestFiles;

/**
 * A run of the tests of a folder of routes.
 *
 * @param withheld the settings of the installation that the run did not get
 */
record TestRun(List<Result> results, Coverage coverage, long nanos, List<String> withheld) {

    /**
     * Runs the tests, and prints each that fails. Returns nothing if none could run, after it has printed why.
     *
     * @param checked whether the files have passed the check, so that they may have no tests
     */
    static Optional<TestRun> of(RoutesCommand command, QuietApplication quiet, RouteFiles files, boolean checked,
            Progress progress) {
        long start = System.nanoTime();
        List<String> withheld = quiet.settings().withheld(files);
        List<Result> results = new ArrayList<>();
        try {
            List<TestCase> tests = checked && !Files.isDirectory(files.folder().resolve("tests")) ? List.of()
                    : TestFiles.read(files.folder());
            progress.stage(tests.size() + " tests: the service starts with " + files.folder());
            Coverage coverage = new Suite(command.application(), files, quiet.settings().of(files), checked)
                    .run(tests, result -> {
                        results.add(result);
                        if (!result.passed()) {
                            progress.print(Stream.concat(result.lines().stream(), Stream.of("")).toList());
                        }
                        long failed = failed(results);
                        progress.count(results.size(), Math.max(results.size(), tests.size()),
                                failed == 0 ? "" : ", " + failed + " failed");
                    });
            progress.end();
            return Optional.of(new TestRun(results, coverage, System.nanoTime() - start, withheld));
        } catch (InvalidRoutesException | RoutesNotStartedException failed) {
            progress.end();
            progress.print(failed instanceof InvalidRoutesException invalid ? invalid.report().lines()
                    : List.of(failed.getMessage()));
            progress.print(withheld(withheld));
            progress.print(List.of("no test ran"));
            return Optional.empty();
        }
    }

    private static long failed(List<Result> results) {
        return results.stream().filter(result -> !result.passed()).count();
    }

    boolean passed() {
        return failed(results) == 0;
    }

    /** Returns the numbers of tests in lines to read. */
    List<String> summary() {
        long skipped = results.stream().filter(Result::skipped).count();
        return Stream.of(Result.skipped(results), passed() ? List.<String>of() : withheld(withheld),
                List.of(String.format(Locale.ROOT, "%d tests, %d failed, %s%d %% of the steps, %.1f s", results.size(),
                        failed(results), skipped == 0 ? "" : skipped + " skipped, ", coverage.percent(), nanos / 1e9)))
                .flatMap(List::stream).toList();
    }

    private static List<String> withheld(List<String> keys) {
        return keys.isEmpty() ? List.of() : List.of("a run gets no setting that looks like a secret: "
                + String.join(", ", keys) + " (docs/editing-routes.md#test-an-edit)");
    }
}
