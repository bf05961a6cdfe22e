package org.ccmessaging.filestream.failure;

/** The path does not allow the method (status 405). */
public final class MethodNotAllowedException extends DocumentedFailure {

    private final String allowed;

    /** @param allowed the methods that the path allows, separated by commas */
    public MethodNotAllowedException(String message, String allowed) {
        super(message, null);
        this.allowed = allowed;
    }

    public String getAllowed() {
        return allowed;
    }
}
