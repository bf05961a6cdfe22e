package org.ccmessaging.filestream.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestCase;
import org.ccmessaging.filestream.routes.testing.TestFiles;

/** A run of the tests of a folder of routes. */
record TestRun(List<Result> results, long nanos) {

    /** Runs the tests, and prints each that fails. Returns {@code null} if none could run, after it has printed why. */
    static TestRun of(Suite suite, Output out) {
        long start = System.nanoTime();
        List<Result> results = new ArrayList<>();
        try {
            List<TestCase> tests = TestFiles.read(suite.routes().folder());
            out.stage(tests.size() + " tests: the service starts with " + suite.routes().folder());
            suite.run(tests, result -> {
                results.add(result);
                if (!result.passed()) {
                    result.lines().forEach(out::println);
                    out.println("");
                }
                long failed = failed(results);
                out.count(results.size(), tests.size(), failed == 0 ? "" : ", " + failed + " failed");
            });
            out.stage("");
            return new TestRun(results, System.nanoTime() - start);
        } catch (InvalidRoutesException failure) {
            out.stage("");
            failure.report().lines().forEach(out::println);
            out.println("no test ran");
            return null;
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
        lines.add(String.format(Locale.ROOT, "%d tests, %d failed, %s%.1f s", results.size(), failed(results),
                skipped == 0 ? "" : skipped + " skipped, ", nanos / 1e9));
        return lines;
    }
}
