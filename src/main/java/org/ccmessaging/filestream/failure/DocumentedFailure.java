package org.ccmessaging.filestream.failure;

/**
 * A failure of contract section 4. A clause in {@code routes/result-codes.camel.yaml} sets code, text and status. The
 * exception has no stack trace, because such failures are frequent under load.
 */
public abstract class DocumentedFailure extends RuntimeException {

    /** @param message for the log; never a token, a secret or file content */
    protected DocumentedFailure(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
