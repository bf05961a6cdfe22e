package org.ccmessaging.filestream.failure;

/** A tag of {@code s3.required-tags} has a value that is neither accepted nor pending (resultCode 13). */
public class FileNotCleanException extends FileServiceRefusedException {

    public FileNotCleanException(String message) {
        super(message);
    }
}
