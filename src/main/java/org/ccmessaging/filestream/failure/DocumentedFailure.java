package org.ccmessaging.filestream.failure;

/**
 * A failure that contract.md has a row for. Its class is its meaning; which code, text and status a client gets for it
 * is said in {@code routes/result-codes.camel.yaml} and nowhere else. Its message is for the operator's log, in words
 * that say what happened; only {@link InvalidRequestException}'s reaches the client.
 *
 * <p>It carries no stack trace: it is an answer, not a defect, and under load many are made.
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
