package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;

/**
 * The result of a test.
 *
 * @param mismatches what differs from what is expected; none if the test is good
 * @param log the warnings and errors that the service logged for it
 * @param nanos how long it took
 * @param leftOut the route that the installation leaves out and whose steps the test names, so that it cannot run;
 *     {@code null} if it ran
 */
public record Result(TestCase test, List<Mismatch> mismatches, List<String> log, long nanos, Route leftOut) {

    /**
     * A difference from what a test expects.
     *
     * @param place where the test says what it expects
     * @param what what it is about, such as {@code resultCode}
     * @param expected the expected lines
     * @param actual the actual lines
     */
    public record Mismatch(Place place, String what, List<String> expected, List<String> actual) {

        static Mismatch of(Place place, String what, String expected, String actual) {
            return new Mismatch(place, what, List.of(expected), List.of(actual));
        }
    }

    /** Returns whether nothing differs, as is so of a test that was skipped. */
    public boolean passed() {
        return mismatches.isEmpty();
    }

    /** Returns whether it did not run, because the installation leaves out a route that it is about. */
    public boolean skipped() {
        return leftOut != null;
    }

    /** Counts the tests that were skipped for each route that was left out, a line each. */
    public static List<String> skipped(List<Result> results) {
        Map<String, Long> counts = results.stream().filter(Result::skipped)
                .collect(Collectors.groupingBy(Result::whyLeftOut, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream().map(each -> (each.getValue() == 1 ? "1 test skipped: it names steps of "
                : each.getValue() + " tests skipped: they name steps of ") + each.getKey()).toList();
    }

    /** The route that was left out, and why. */
    String whyLeftOut() {
        return leftOut.label() + ", which is left out here (precondition " + leftOut.field("precondition").text() + ")";
    }

    /** A line for each mismatch, and for each line of the log of a test that failed. */
    public List<String> messages() {
        return passed() ? List.of() : Stream.concat(mismatches.stream().map(mismatch -> mismatch.place() + "  "
                + mismatch.what() + ": expected " + String.join(", ", mismatch.expected()) + "; came "
                + String.join(", ", mismatch.actual()) + " (test \"" + test.name() + "\")"), logLines()).toList();
    }

    private Stream<String> logLines() {
        return log.stream().map(line -> "    log: " + line.lines().findFirst().orElse(""));
    }

    /** The failure like a diff, with the place of each expectation. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of("FAILED  " + test.name()));
        for (Mismatch mismatch : mismatches) {
            lines.add(mismatch.place() + "  " + mismatch.what());
            mismatch.expected().forEach(line -> lines.add("    - " + line));
            mismatch.actual().forEach(line -> lines.add("    + " + line));
        }
        logLines().forEach(lines::add);
        return lines;
    }
}
