package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.NearestName;
import org.ccmessaging.filestream.routes.check.Place;

/**
 * The result of a test.
 *
 * @param log the warnings and errors that the service logged for the test
 * @param lacking what the test needs and the installation does not have; {@code null} if the test was not skipped
 */
public record Result(TestCase test, List<Mismatch> mismatches, List<String> steps, List<String> log, long nanos,
        String lacking) {

    /** A difference from what a test expects, or a mistake in the test. */
    public record Mismatch(Place place, String what, List<String> expected, List<String> actual) {

        static Mismatch of(Place place, String what, String expected, String actual) {
            return new Mismatch(place, what, List.of(expected), List.of(actual));
        }

        static Mismatch unknown(String what, Place place, String name, Collection<String> known, String otherwise) {
            return of(place, what, name, "no such " + what + ". " + NearestName.didYouMean(name, known, otherwise));
        }
    }

    /** Returns whether the test passed. A skipped test counts as passed. */
    public boolean passed() {
        return mismatches.isEmpty();
    }

    public boolean skipped() {
        return lacking != null;
    }

    /** Returns a line for each thing that the installation lacks, with the number of skipped tests. */
    public static List<String> skipped(List<Result> results) {
        Map<String, Long> counts = results.stream().filter(Result::skipped)
                .collect(Collectors.groupingBy(Result::lacking, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream().map(each -> (each.getValue() == 1 ? "1 test skipped: it needs "
                : each.getValue() + " tests skipped: they need ") + each.getKey()).toList();
    }

    /** Returns a failed test as the lines of a diff. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of("FAILED  " + test.name()));
        for (Mismatch mismatch : mismatches) {
            lines.add(mismatch.place() + "  " + mismatch.what());
            mismatch.expected().forEach(line -> lines.add("    - " + line));
            mismatch.actual().forEach(line -> lines.add("    + " + line));
        }
        log.forEach(line -> lines.add("    log: " + line.lines().findFirst().orElse("")));
        return lines;
    }
}
