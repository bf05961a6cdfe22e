package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Route;

/**
 * What came of a test.
 *
 * @param mismatches what came otherwise than expected; none if the test is good
 * @param log the warnings and errors that the service logged for it
 * @param nanos how long it took
 * @param leftOut the route that the installation leaves out and whose steps the test names, so that it cannot run;
 *     {@code null} if it ran
 */
public record Result(TestCase test, List<Mismatch> mismatches, List<String> log, long nanos, Route leftOut) {

    /** Whether nothing came otherwise than expected, as is so of a test that was skipped. */
    public boolean passed() {
        return mismatches.isEmpty();
    }

    /** Whether it did not run, because the installation leaves out a route that it is about. */
    public boolean skipped() {
        return leftOut != null;
    }

    /** Says of each route that was left out how many tests were skipped for it, a line each. */
    public static List<String> skipped(List<Result> results) {
        Map<String, Long> counts = results.stream().filter(Result::skipped)
                .collect(Collectors.groupingBy(result -> whyLeftOut(result.leftOut()), TreeMap::new,
                        Collectors.counting()));
        return counts.entrySet().stream().map(each -> (each.getValue() == 1 ? "1 test skipped: it names steps of "
                : each.getValue() + " tests skipped: they name steps of ") + each.getKey()).toList();
    }

    /** The route, and why it is not there. */
    static String whyLeftOut(Route route) {
        return route.label() + ", which is left out here (precondition " + route.precondition().text() + ")";
    }

    /** A line for each thing that came otherwise, and for each line of the log of a test that failed. */
    public List<String> messages() {
        return passed() ? List.of() : Stream.concat(mismatches.stream().map(mismatch -> mismatch.place() + "  "
                + mismatch.what() + ": expected " + String.join(", ", mismatch.expected()) + "; came "
                + String.join(", ", mismatch.actual()) + " (test \"" + test.name() + "\")"),
                log.stream().map(Result::logged)).toList();
    }

    private static String logged(String line) {
        return "    log: " + line.lines().findFirst().orElse("");
    }

    /** The failure like a diff, with the place of each expectation. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("FAILED  " + test.name());
        for (Mismatch mismatch : mismatches) {
            lines.add(mismatch.place() + "  " + mismatch.what());
            mismatch.expected().forEach(line -> lines.add("    - " + line));
            mismatch.actual().forEach(line -> lines.add("    + " + line));
        }
        log.forEach(line -> lines.add(logged(line)));
        return lines;
    }
}
