package org.ccmessaging.filestream.failure;

/**
 * A failure of contract section 4. An {@code onException} clause in {@code routes/result-codes.camel.yaml} sets
 * resultCode, text and status. The exception has no stack trace, because such failures are frequent under load.
 */
public abstract class DocumentedFailure extends RuntimeException {

    /** @param message text for the log, without tokens, secrets and file content */
    protected DocumentedFailure(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
