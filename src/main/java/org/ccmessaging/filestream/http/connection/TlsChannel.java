package org.ccmessaging.filestream.http.connection;

import java.io.IOException;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** Tomcat's channel of a TLS connection, which can say that nothing more comes and still take what the client sends. */
final class TlsChannel extends SecureNioChannel {

    /** @param buffers the connection's own, because a handshake needs them before the first request */
    TlsChannel(SocketBufferHandler buffers, NioEndpoint endpoint) {
        super(buffers, endpoint);
    }

    /** Sends the alert {@code close_notify}, without which clients take the end of a connection for an attack. */
    void sayEnd() throws IOException {
        sslEngine.closeOutbound();
        if (flush(netOutBuffer)) {
            netOutBuffer.clear();
            sslEngine.wrap(getEmptyBuf(), netOutBuffer);
            netOutBuffer.flip();
            flush(netOutBuffer);
        }
    }
}
