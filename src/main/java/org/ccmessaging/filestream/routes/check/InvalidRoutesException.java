package org.ccmessaging.filestream.routes.check;

/** Thrown if route files or test files have errors. The message lists the errors, as {@code routes check} does. */
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
