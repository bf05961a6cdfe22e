package org.ccmessaging.filestream.failure;

/** A tag of {@code s3.required-tags} is missing, or has a value of {@code s3.required-tags-pending} (resultCode 13). */
public final class FileNotScannedException extends FileNotCleanException {

    public FileNotScannedException(String message) {
        super(message);
    }
}
