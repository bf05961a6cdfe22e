package org.ccmessaging.filestream.http.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections as {@link Connection}s. */
final class LimitedEndpoint extends NioEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(LimitedEndpoint.class);

    private Limits limits;

    /** Call it before the endpoint starts. */
    void limit(Limits limits) {
        this.limits = limits;
        // Tomcat would keep the channels of ended connections for new ones, which have channels of their own here.
        getSocketProperties().setBufferPool(0);
    }

    /**
     * Lets responses leave completely. Spring stops the port when no servlet works any more, and Tomcat sends the last
     * kilobytes of a response after its servlet.
     */
    @Override
    public void stopInternal() {
        if (!isPaused()) {
            pause();
        }
        limits.awaitRequests();
        super.stopInternal();
    }

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        Addresses addresses = limits.addresses();
        InetAddress peer = socket.socket().getInetAddress();
        boolean counts = addresses.areLimited() && peer != null && !addresses.isTrusted(peer);
        if (counts && !addresses.enter(peer)) {
            limits.count(Cuts.Limit.PER_ADDRESS);
            destroySocket(socket);
            return false;
        }
        InetAddress counted = counts ? peer : null;
        Connection connection = isSSLEnabled()
                ? new Connection(new TlsChannel(Limits.tlsBuffers(), this), this, counted, limits)
                : new Connection(this, counted, limits);
        // From here on Tomcat closes the connection if this method returns false.
        connections.put(socket, connection);
        try {
            connection.getSocket().reset(socket, connection);
            socket.configureBlocking(false);
            socketProperties.setProperties(socket.socket());
            connection.setKeepAliveLeft(getMaxKeepAliveRequests());
            getPoller().register(connection);
            return true;
        } catch (IOException gone) {
            LOG.debug("The client went away: {}", gone.getMessage());
            return false;
        }
    }
}
