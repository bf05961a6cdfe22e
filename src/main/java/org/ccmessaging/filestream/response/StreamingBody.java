package org.ccmessaging.filestream.response;

import java.io.IOException;
import java.io.OutputStream;

/** A response body that is written while it is made, in constant memory; its length is not known before its end. */
public interface StreamingBody {

    /**
     * Writes the whole body.
     *
     * @throws IOException where the receiver does not take it; any other trouble has to end up in the body itself
     */
    void writeTo(OutputStream out) throws IOException;
}
