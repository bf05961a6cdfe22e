package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The outcome of the trial of a set of routes. The process of the trial writes it as JSON for the service that waits.
 *
 * @param stage the stage at which the set failed, {@code check} or {@code try}; {@code null} if it passed
 * @param errors the errors, a line each, with file and line where known
 * @param warnings the warnings of the check, a line each
 */
public record Verdict(String stage, List<String> errors, List<String> warnings) {

    private static final int LONGEST = 300;
    private static final int MOST = 1_000;

    /** Returns the verdict on a set that may be activated. */
    public static Verdict good(List<String> warnings) {
        return new Verdict(null, List.of(), warnings);
    }

    /** Returns the verdict on a set that must not be activated. It shortens long lines and keeps the first of many. */
    public static Verdict bad(String stage, List<String> errors) {
        return new Verdict(stage, errors.stream().limit(MOST).map(line -> line.length() <= LONGEST ? line
                : line.substring(0, LONGEST) + "…").toList(), List.of());
    }

    /** Returns whether the set may be activated. */
    public boolean passed() {
        return stage == null;
    }

    /** Returns the same verdict with changed lines. */
    public Verdict with(UnaryOperator<String> change) {
        return new Verdict(stage, errors.stream().map(change).toList(), warnings.stream().map(change).toList());
    }
}
