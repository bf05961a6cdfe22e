package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.check.Report;

/**
 * The outcome of the check or the trial of a set of routes. The process of the trial writes it as JSON for the service
 * that waits.
 *
 * @param stage the stage at which the set failed, {@code check} or {@code try}; {@code null} if it passed
 * @param messages the errors, or the warnings of a set that passed, a line each, with file and line where known
 * @param sha256 the hash of the files that were tried; {@code null} if the set failed
 */
public record Verdict(String stage, List<String> messages, String sha256) {

    private static final int LONGEST = 300;
    private static final int MOST = 1_000;

    /** Returns the verdict on a set that may be activated. */
    public static Verdict good(List<String> warnings, String sha256) {
        return new Verdict(null, warnings, sha256);
    }

    /** Returns the verdict on a set that must not be activated. It shortens long lines and keeps the first of many. */
    public static Verdict bad(String stage, List<String> errors) {
        return new Verdict(stage, errors.stream().limit(MOST).map(line -> line.length() <= LONGEST ? line
                : line.substring(0, LONGEST) + "…").toList(), null);
    }

    /** Returns the verdict of the check on files with this hash. */
    public static Verdict of(Report report, String sha256) {
        return report.hasErrors() ? bad("check", lines(report, Level.ERROR))
                : good(lines(report, Level.WARNING), sha256);
    }

    private static List<String> lines(Report report, Level level) {
        return report.findings(level).stream().map(Report::line).toList();
    }

    /** Returns whether the set may be activated. */
    public boolean passed() {
        return stage == null;
    }
}
