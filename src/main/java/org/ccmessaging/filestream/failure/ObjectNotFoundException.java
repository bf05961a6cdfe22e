package org.ccmessaging.filestream.failure;

/** A folder has no such file, or the service refuses the object key (resultCode 13). */
public final class ObjectNotFoundException extends DocumentedFailure {

    public ObjectNotFoundException(String message) {
        super(message, null);
    }
}
