package org.ccmessaging.filestream.failure;

/**
 * The storage answered and would not give the object, for another reason than not having it: larger than {@code
 * filestream.download.max-file-size}, access denied, no such folder (contract.md section 4.1, code 13).
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
