package org.ccmessaging.filestream.failure;

/** A tag of the object has another value than {@code s3.required-tags} accepts (resultCode 13). */
public class FileNotCleanException extends FileServiceRefusedException {

    public FileNotCleanException(String message) {
        super(message);
    }
}
