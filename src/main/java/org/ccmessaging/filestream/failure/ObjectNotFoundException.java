package org.ccmessaging.filestream.failure;

/**
 * The storage was asked and has no such object, or none that this tenant may see (contract.md section 4.1, code
 * 13).
 */
public final class ObjectNotFoundException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public ObjectNotFoundException(String message) {
        super(message, null);
    }
}
