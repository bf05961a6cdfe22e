package org.ccmessaging.filestream.failure;

/** {@code fileType} is not one of {@code filestream.download.file-types} (contract section 4.1, code 13). */
public final class FileTypeOutOfRangeException extends DocumentedFailure {

    public FileTypeOutOfRangeException(String message) {
        super(message, null);
    }
}
