package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;

/** A response body that writes itself. */
public interface StreamingBody {

    /** Returns the length in bytes; -1 if it is unknown before the last byte is written. */
    default long length() {
        return -1;
    }

    /** Returns the outcome for the response headers; {@code null} if it is known only when the body ends. */
    default Outcome outcome() {
        return null;
    }

    /**
     * Writes the complete body. If a read breaks, this method does not throw: it ends the body with the code of the
     * failure.
     *
     * @return the outcome that the body told the client
     * @throws IOException if the client no longer takes the response
     */
    Outcome writeTo(OutputStream out) throws IOException;
}
