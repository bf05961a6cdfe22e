package org.ccmessaging.filestream.failure;

/**
 * A failure that has a row in contract section 4. Its class is its meaning. A clause in
 * {@code routes/result-codes.camel.yaml} gives it code, text and status (decision 0002). Its message tells the log what
 * happened; only the message of {@link InvalidRequestException} reaches the client.
 *
 * <p>It has no stack trace. It is a regular outcome and no defect, and under load there are many.
 *
 * @since 0.1.0
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
