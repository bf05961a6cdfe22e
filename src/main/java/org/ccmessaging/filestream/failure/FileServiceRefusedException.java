package org.ccmessaging.filestream.failure;

/** The storage refused the object, for example because access is denied (contract section 4.1, resultCode 13). */
public class FileServiceRefusedException extends DocumentedFailure {

    public FileServiceRefusedException(String message) {
        super(message, null);
    }

    public FileServiceRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
