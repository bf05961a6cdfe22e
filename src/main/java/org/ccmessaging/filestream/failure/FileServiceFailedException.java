package org.ccmessaging.filestream.failure;

/**
 * The file service responded that it cannot serve anything now: HTTP status 5xx or 429 (contract section 4.1, code 13).
 */
public final class FileServiceFailedException extends FileServiceRefusedException {

    public FileServiceFailedException(String message) {
        super(message);
    }
}
