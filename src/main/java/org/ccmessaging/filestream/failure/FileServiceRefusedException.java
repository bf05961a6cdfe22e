package org.ccmessaging.filestream.failure;

/**
 * The storage refuses the object for another reason than that it does not exist: it is larger than
 * {@code filestream.download.max-file-size}, access is denied, or the folder of the branch does not exist (contract
 * section 4.1, code 13).
 *
 * @since 0.1.0
 */
public final class FileServiceRefusedException extends DocumentedFailure {

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
