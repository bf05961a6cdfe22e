package org.ccmessaging.filestream.failure;

/** The object is larger than {@code filestream.download.max-file-size} (resultCode 13). */
public final class FileTooLargeException extends FileServiceRefusedException {

    public FileTooLargeException(String message) {
        super(message);
    }
}
