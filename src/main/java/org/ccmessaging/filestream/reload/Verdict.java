package org.ccmessaging.filestream.reload;

import java.util.List;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.testing.Rehearsal;
import org.ccmessaging.filestream.toolkit.LogText;

/**
 * The outcome of the check or the trial of a set of routes.
 *
 * @param stage the stage at which the set failed, {@code check}, {@code try} or {@code rehearsal}, or
 *     {@link Trial#UNTRIED}; {@code null} if it passed
 * @param messages the errors, or the warnings of a set that passed, a line each, with file and line where known. Long
 *     errors are shortened, and only the first of many stay
 * @param sources as of {@link Report#sources}; empty unless the check found the messages
 */
record Verdict(String stage, List<String> messages, List<String> sources, Rehearsal rehearsal) {

    private static final int LONGEST = 300;
    private static final int MOST = 1_000;

    Verdict {
        messages = stage == null ? messages : messages.stream().limit(MOST)
                .map(line -> LogText.visible(line, LONGEST)).toList();
    }

    Verdict(String stage, List<String> messages) {
        this(stage, messages, List.of(), Rehearsal.NONE);
    }

    /** Returns the verdict of the check. */
    static Verdict of(Report report, RouteFiles files) {
        List<Finding> findings = report.findings(report.hasErrors() ? Level.ERROR : Level.WARNING);
        return new Verdict(report.hasErrors() ? "check" : null, findings.stream().map(Report::line).toList(),
                Report.sources(findings.stream().limit(MOST).toList(), files), Rehearsal.NONE);
    }

    /** Returns whether the set may be activated. */
    boolean passed() {
        return stage == null;
    }
}
