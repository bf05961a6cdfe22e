package org.ccmessaging.filestream.failure;

/** The path exists, the method does not (contract.md section 4.2, 405). */
public final class MethodNotAllowedException extends DocumentedFailure {

    private final String allowed;

    /**
     * @param message what happened, for the log
     * @param allowed the method that the path takes, for the client
     */
    public MethodNotAllowedException(String message, String allowed) {
        super(message, null);
        this.allowed = allowed;
    }

    /** The method that the path takes. */
    public String getAllowed() {
        return allowed;
    }
}
