package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;

/** A response body that writes itself. */
public interface StreamingBody {

    /**
     * The outcome of a response, known when its last byte is written.
     *
     * @param resultCode {@code 0} only if the complete file left
     * @param resultDesc the documented text; {@code null} if there is none
     * @param failure what broke the read; {@code null} on success
     */
    record Outcome(String resultCode, String resultDesc, RuntimeException failure) {

        static Outcome success(String resultCode) {
            return new Outcome(resultCode, null, null);
        }
    }

    /** Length in bytes; -1 if it is unknown before the last byte is written. */
    default long length() {
        return -1;
    }

    /**
     * Writes the complete body. A read that breaks is no exception here: the body ends with its code.
     *
     * @return the outcome that the body told the client
     * @throws IOException if the client no longer takes the response
     */
    Outcome writeTo(OutputStream out) throws IOException;
}
