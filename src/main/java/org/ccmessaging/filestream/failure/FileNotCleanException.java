package org.ccmessaging.filestream.failure;

/**
 * A tag of the object does not have the value that {@code s3.required-tags} accepts (code 13). {@link
 * FileNotScannedException} reports an object that lacks the tag.
 */
public class FileNotCleanException extends FileServiceRefusedException {

    public FileNotCleanException(String message) {
        super(message);
    }
}
