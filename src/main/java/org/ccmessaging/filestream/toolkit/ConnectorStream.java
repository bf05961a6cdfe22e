package org.ccmessaging.filestream.toolkit;

import java.io.FilterInputStream;
import java.io.InputStream;

/**
 * The bytes of a file that a connector of the installation, or a step of its own, has opened at the location. Step
 * {@code take-stream} takes it, and no other stream. It must fail, and not end, if the storage breaks off.
 *
 * @since 0.2.0
 */
public final class ConnectorStream extends FilterInputStream {

    /** @param content the bytes, which this stream closes */
    public ConnectorStream(InputStream content) {
        super(content);
    }
}
