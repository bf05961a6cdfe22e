package org.ccmessaging.filestream.http;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.coyote.Adapter;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's HTTP/1.1 with the limits of {@code filestream.http} (decision 0016). Tomcat creates it by its class name.
 * Tomcat has limits between two bytes; these are limits in total, for which it has no settings.
 */
public final class LimitedProtocol extends Http11NioProtocol {

    private static final Logger LOG = LoggerFactory.getLogger(LimitedProtocol.class);

    private final Endpoint endpoint;

    /** Creates a protocol without limits: call {@link #limit} before the connector starts. */
    public LimitedProtocol() {
        this(new Endpoint());
    }

    private LimitedProtocol(Endpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /**
     * Sets the limits, and lowers the number of connections with TLS, which keep their buffers, to fit the heap. A
     * download keeps its thread while a slow client reads (decision 0006): a virtual one if Spring Boot has set an
     * executor of those.
     */
    void limit(Limits limits) {
        Executor threads = getExecutor() == null ? RequestThreads.platformThreads() : getExecutor();
        endpoint.requests = new RequestThreads(threads, limits.requests);
        setExecutor(endpoint.requests);
        setConnectionTimeout((int) limits.settings.idleTimeout().toMillis());
        if (isSSLEnabled()) {
            setMaxConnections((int) Math.min(getMaxConnections(), Limits.mostTlsConnections()));
        }
        // Tomcat would keep the channels of ended connections for new ones, which have channels of their own here.
        endpoint.getSocketProperties().setBufferPool(0);
        endpoint.limits = limits;
    }

    @Override
    protected Processor createProcessor() {
        return new RequestProcessor(this, getAdapter());
    }

    /** Accepts connections as {@link Connection}s. */
    private static final class Endpoint extends NioEndpoint {

        /** Maximum time that a shutdown waits for the last kilobytes of responses. */
        private static final Duration LONGEST_END = Duration.ofSeconds(10);

        private Limits limits;
        private RequestThreads requests;

        /**
         * Lets responses leave completely. Spring stops the port when no servlet works any more, and Tomcat sends the
         * last kilobytes of a response after its servlet.
         */
        @Override
        public void stopInternal() {
            if (!isPaused()) {
                pause();
            }
            requests.awaitEnd(LONGEST_END);
            super.stopInternal();
        }

        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            InetAddress peer = socket.socket().getInetAddress();
            InetAddress counted = peer == null || limits.addresses.isTrusted(peer) ? null : peer;
            if (counted != null && !limits.addresses.enter(counted)) {
                limits.count(Limits.Cut.PER_ADDRESS);
                destroySocket(socket);
                return false;
            }
            Connection connection = new Connection(this, isSSLEnabled(), counted, limits);
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

    /**
     * Tomcat's parser of requests, which tells the {@link Connection} where a request starts and ends. It refuses what
     * Tomcat would respond to automatically: HTTP/0.9, and a target of {@code *}.
     */
    private static final class RequestProcessor extends Http11Processor {

        private static final long NOT_STARTED = -1;
        private static final byte[] NO_PATH_OF_OURS = {'/', '*'};

        /** A request that Tomcat refuses, because it has no {@code Host}. */
        private static final byte[] MALFORMED = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private boolean http09;

        private RequestProcessor(LimitedProtocol protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            Connection connection = (Connection) socket;
            connection.start();
            SocketBufferHandler buffers = connection.getSocketBufferHandler();
            try {
                return connection.lingers() ? connection.throwAway() : service(connection);
            } finally {
                // No operation is asynchronous. If one were, another thread would still use the buffers.
                if (!isAsync()) {
                    connection.stop(buffers);
                }
            }
        }

        private SocketState service(Connection connection) throws IOException {
            SocketState state = super.service(connection);
            if (http09) {
                http09 = false;
                // Tomcat would respond without status and headers, now and to the next malformed request.
                recycle();
                connection.unRead(ByteBuffer.wrap(MALFORMED));
                state = super.service(connection);
            }
            boolean open = state == SocketState.LONG || state == SocketState.OPEN;
            // Also after blank lines only, for which Tomcat would start its time again and again.
            if (open && !isAsync() && request.getStartTimeNanos() != NOT_STARTED) {
                return connection.awaitHeaders(request.getStartTimeNanos());
            }
            // UPGRADING: the start of HTTP/2, which the service does not speak.
            if (state == SocketState.UPGRADING) {
                return SocketState.CLOSED;
            }
            return state == SocketState.CLOSED && getErrorState() == ErrorState.CLOSE_CLEAN ? connection.end() : state;
        }

        /** Tomcat calls this once for each request, when it has read the headers and before it handles the request. */
        @Override
        protected void parseHost(MessageBytes host) {
            ((Connection) socketWrapper).headersEnd();
            http09 = request.protocol().equals("");
            if (http09) {
                setErrorState(ErrorState.CLOSE_NOW, null);
                return;
            }
            // Tomcat itself would respond to OPTIONS with a list of methods. Now it is one more unknown path.
            if (request.requestURI().equals("*")) {
                request.requestURI().setBytes(NO_PATH_OF_OURS, 0, NO_PATH_OF_OURS.length);
            }
            super.parseHost(host);
        }
    }
}
