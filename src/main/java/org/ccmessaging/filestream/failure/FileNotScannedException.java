package org.ccmessaging.filestream.failure;

/**
 * The object lacks a tag of {@code s3.required-tags}: the scanner has not set it yet (code 13).
 */
public final class FileNotScannedException extends FileNotCleanException {

    public FileNotScannedException(String message) {
        super(message);
    }
}
