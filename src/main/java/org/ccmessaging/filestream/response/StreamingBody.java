package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;

/** A response body that writes itself. */
public interface StreamingBody {

    /** Its length in bytes where it is known beforehand, and -1 where it is made while it is sent. */
    default long length() {
        return -1;
    }

    /**
     * Writes the whole body.
     *
     * @throws IOException where the receiver does not take it; any other trouble has to end up in the body itself
     */
    void writeTo(OutputStream out) throws IOException;
}
