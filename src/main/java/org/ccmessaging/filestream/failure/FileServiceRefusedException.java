package org.ccmessaging.filestream.failure;

/**
 * The storage responds and does not give the object, for another reason than that it does not exist: access is denied,
 * or the folder of the branch does not exist (contract section 4.1, code 13). Two classes say more.
 *
 * @since 0.1.0
 */
public class FileServiceRefusedException extends DocumentedFailure {

    /** @param message what happened, for the log */
    public FileServiceRefusedException(String message) {
        super(message, null);
    }

    /**
     * @param message what happened, for the log
     * @param cause what led to it
     */
    public FileServiceRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
