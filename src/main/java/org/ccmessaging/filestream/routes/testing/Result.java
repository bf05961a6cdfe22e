package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of a test.
 *
 * @param mismatches what came otherwise than expected; none if the test is good
 * @param log the warnings and errors that the service logged for it
 * @param nanos how long it took
 */
public record Result(TestCase test, List<Mismatch> mismatches, List<String> log, long nanos) {

    /** Whether all came as expected. */
    public boolean passed() {
        return mismatches.isEmpty();
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
        log.forEach(line -> lines.add("    log: " + line.lines().findFirst().orElse("")));
        return lines;
    }
}
