package org.ccmessaging.filestream.failure;

/**
 * The storage responded and refused the object: access is denied, or the folder of the branch does not exist (contract
 * section 4.1, code 13). {@link ObjectNotFoundException} reports an object that does not exist.
 */
public class FileServiceRefusedException extends DocumentedFailure {

    public FileServiceRefusedException(String message) {
        super(message, null);
    }

    public FileServiceRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
