package org.ccmessaging.filestream.routes.check;

/** The route files have errors. This stops the start. */
public final class InvalidRoutesException extends RuntimeException {

    private final transient Report report;

    /** @param report says what is wrong */
    public InvalidRoutesException(Report report) {
        super("the routes have errors: " + report.summary());
        this.report = report;
    }

    /** What is wrong. */
    public Report report() {
        return report;
    }
}
