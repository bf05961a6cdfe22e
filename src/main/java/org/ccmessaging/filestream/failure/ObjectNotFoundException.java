package org.ccmessaging.filestream.failure;

/**
 * The storage has no such object, or the key cannot be one of the customer's tenant (contract section 4.1, code 13).
 */
public final class ObjectNotFoundException extends DocumentedFailure {

    public ObjectNotFoundException(String message) {
        super(message, null);
    }
}
