package org.ccmessaging.filestream.failure;

/**
 * A failure that has a row in contract section 4. For each class, a clause in {@code routes/result-codes.camel.yaml}
 * sets code, text and status (decision 0002). The message is for the log. Only the message of {@link
 * InvalidRequestException} reaches the client. There is no stack trace, because such failures are frequent under load.
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
