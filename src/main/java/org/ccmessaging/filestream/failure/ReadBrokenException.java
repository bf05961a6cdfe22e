package org.ccmessaging.filestream.failure;

/**
 * A read failed, for example because of a timeout, missing bytes, or a change of the object during the read (resultCode
 * 13).
 */
public class ReadBrokenException extends DocumentedFailure {

    public ReadBrokenException(String message) {
        super(message, null);
    }

    public ReadBrokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
