package org.ccmessaging.filestream.failure;

/** The path exists and does not allow the method (contract section 4.2, 405). */
public final class MethodNotAllowedException extends DocumentedFailure {

    private final String allowed;

    /** @param allowed the method that the path allows, for the client */
    public MethodNotAllowedException(String message, String allowed) {
        super(message, null);
        this.allowed = allowed;
    }

    /** The method that the path allows. */
    public String getAllowed() {
        return allowed;
    }
}
