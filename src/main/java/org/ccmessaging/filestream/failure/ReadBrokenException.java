package org.ccmessaging.filestream.failure;

/** A read failed: reset, timeout, fewer bytes than announced, or the object changed during the read (code 13). */
public class ReadBrokenException extends DocumentedFailure {

    public ReadBrokenException(String message) {
        super(message, null);
    }

    public ReadBrokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
