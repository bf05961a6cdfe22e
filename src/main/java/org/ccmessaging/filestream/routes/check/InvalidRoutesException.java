package org.ccmessaging.filestream.routes.check;

import java.util.List;

/** The route files have errors, so the service does not start. */
public final class InvalidRoutesException extends RuntimeException {

    private final transient Report report;

    /** @param report the findings */
    public InvalidRoutesException(Report report) {
        super("the routes have errors: " + report.summary());
        this.report = report;
    }

    /** @param failed an exception of this class, or another one, whose message is the line */
    public static List<String> lines(RuntimeException failed) {
        return failed instanceof InvalidRoutesException invalid ? invalid.report.lines() : List.of(failed.getMessage());
    }

    /** The findings. */
    public Report report() {
        return report;
    }
}
