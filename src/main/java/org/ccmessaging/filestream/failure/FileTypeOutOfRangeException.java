package org.ccmessaging.filestream.failure;

/** {@code fileType} is not one of {@code filestream.download.file-types} (resultCode 13). */
public final class FileTypeOutOfRangeException extends DocumentedFailure {

    public FileTypeOutOfRangeException(String message) {
        super(message, null);
    }
}
