package org.ccmessaging.filestream.routes.check;

/** The route files have errors, so the service does not start. */
public final class InvalidRoutesException extends RuntimeException {

    private final transient Report report;

    /** @param report the findings */
    public InvalidRoutesException(Report report) {
        super("the routes have errors: " + report.summary());
        this.report = report;
    }

    /** The findings. */
    public Report report() {
        return report;
    }
}
