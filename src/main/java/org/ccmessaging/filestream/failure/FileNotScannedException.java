package org.ccmessaging.filestream.failure;

/**
 * The scanner has not checked the object yet (code 13): a tag of {@code s3.required-tags} is missing, or has a value of
 * {@code s3.required-tags-pending}.
 */
public final class FileNotScannedException extends FileNotCleanException {

    public FileNotScannedException(String message) {
        super(message);
    }
}
