package org.ccmessaging.filestream.routes.check;

/** The route files, or the test files, have errors. The message lists the findings as {@code routes check} does. */
public final class InvalidRoutesException extends RuntimeException {

    private final transient Report report;

    public InvalidRoutesException(Report report) {
        this(report, null);
    }

    /** @param cause Camel's exception if routes passed the check but did not start; otherwise {@code null} */
    public InvalidRoutesException(Report report, Throwable cause) {
        super(String.join("\n", report.lines()), cause);
        this.report = report;
    }

    public Report report() {
        return report;
    }
}
