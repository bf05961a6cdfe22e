package org.ccmessaging.filestream.failure;

/**
 * A failure that has a row in contract section 4. A clause in {@code routes/result-codes.camel.yaml} gives each class
 * code, text and status (decision 0002). The message is for the log; only that of {@link InvalidRequestException}
 * reaches the client. The exception has no stack trace, because it is a regular outcome and frequent under load.
 */
public abstract class DocumentedFailure extends RuntimeException {

    /**
     * @param message what happened, for the log; never a token, a secret or file content
     * @param cause what led to it, or {@code null}
     */
    protected DocumentedFailure(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
