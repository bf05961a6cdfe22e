package org.ccmessaging.filestream.cli;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.testing.Coverage;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestCase;
import org.ccmessaging.filestream.routes.testing.TestFiles;

/** A run of the tests of a folder of routes. */
record TestRun(List<Result> results, Coverage coverage, long nanos) {

    /**
     * Runs the tests, and prints each that fails. Returns nothing if none could run, after it has printed why.
     *
     * @param suite may have passed the check, so that its folder needs no tests
     */
    static Optional<TestRun> of(Suite suite, Output out) {
        long start = System.nanoTime();
        List<Result> results = new ArrayList<>();
        try {
            List<TestCase> tests = suite.checked() && !Files.isDirectory(suite.routes().folder().resolve("tests"))
                    ? List.of() : TestFiles.read(suite.routes().folder());
            out.stage(tests.size() + " tests: the service starts with " + suite.routes().folder());
            Coverage coverage = suite.run(tests, result -> {
                results.add(result);
                if (!result.passed()) {
                    result.lines().forEach(out::println);
                    out.println("");
                }
                long failed = failed(results);
                out.count(results.size(), Math.max(results.size(), tests.size()),
                        failed == 0 ? "" : ", " + failed + " failed");
            });
            out.stage("");
            return Optional.of(new TestRun(results, coverage, System.nanoTime() - start));
        } catch (InvalidRoutesException | RoutesNotStartedException failure) {
            out.stage("");
            InvalidRoutesException.lines(failure).forEach(out::println);
            out.println("no test ran");
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
        List<String> lines = new ArrayList<>(Result.skipped(results));
        long skipped = results.stream().filter(Result::skipped).count();
        lines.add(String.format(Locale.ROOT, "%d tests, %d failed, %s%d %% of the steps, %.1f s", results.size(),
                failed(results), skipped == 0 ? "" : skipped + " skipped, ", coverage.percent(), nanos / 1e9));
        return lines;
    }
}
