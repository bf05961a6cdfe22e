package org.ccmessaging.filestream.failure;

/**
 * A read failed: reset, timeout, fewer bytes than announced, or the object changed during the read (contract section
 * 4.1, code 13). {@link StorageUnreachableException} reports a read that did not start.
 */
public class ReadBrokenException extends DocumentedFailure {

    public ReadBrokenException(String message) {
        super(message, null);
    }

    public ReadBrokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
