package org.ccmessaging.filestream.reload;

import java.util.List;

/**
 * The outcome of the check or the trial of a set of routes.
 *
 * @param stage the stage at which the set failed, {@code check}, {@code try} or {@code rehearsal}, or
 *     {@link Trial#UNTRIED}; {@code null} if it passed
 * @param messages the errors, or the warnings of a set that passed, a line each, with file and line where known. Long
 *     errors are shortened, and only the first of many stay
 */
record Verdict(String stage, List<String> messages) {

    private static final int LONGEST = 300;
    private static final int MOST = 1_000;

    Verdict {
        messages = stage == null ? messages : messages.stream().limit(MOST)
                .map(line -> line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…").toList();
    }

    /** Returns whether the set may be activated. */
    boolean passed() {
        return stage == null;
    }
}
