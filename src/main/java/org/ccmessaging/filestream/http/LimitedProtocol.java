package org.ccmessaging.filestream.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
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
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

/**
 * Tomcat's HTTP/1.1 with the limits of {@code filestream.http} (decision 0016). Tomcat creates this class by its name.
 */
public final class LimitedProtocol extends Http11NioProtocol {

    /** Creates a protocol without limits, which {@link #use} sets before the connector starts. */
    public LimitedProtocol() {
        super(new Endpoint());
    }

    /** @param limits called when the connector is created */
    static void use(TomcatServletWebServerFactory factory, Supplier<Limits> limits) {
        factory.setProtocol(LimitedProtocol.class.getName());
        factory.addConnectorCustomizers(connector ->
                ((LimitedProtocol) connector.getProtocolHandler()).limit(limits.get()));
    }

    /**
     * Sets the limits. Connections with TLS keep their buffers, so their number is lowered to fit the heap. Requests
     * run on virtual threads if Spring Boot has set an executor of those, and on platform threads otherwise.
     */
    private void limit(Limits limits) {
        Endpoint endpoint = (Endpoint) getEndpoint();
        Executor threads = getExecutor() == null ? RequestThreads.platformThreads("http-exec-", Integer.MAX_VALUE)
                : getExecutor();
        endpoint.requests = new RequestThreads(threads, limits.requests);
        setExecutor(endpoint.requests);
        setConnectionTimeout((int) limits.settings.headerTimeout().toMillis());
        setProcessorCache(limits.requests);
        if (isSSLEnabled()) {
            setMaxConnections((int) Math.min(getMaxConnections(), Limits.mostTlsConnections()));
        }
        // Tomcat would keep channels of ended connections for new ones. Here each connection makes its own.
        endpoint.getSocketProperties().setBufferPool(0);
        endpoint.limits = limits;
    }

    @Override
    protected Processor createProcessor() {
        return new RequestProcessor(this, getAdapter());
    }

    private static final class Endpoint extends NioEndpoint {

        private static final Duration LONGEST_END = Duration.ofSeconds(10);

        private Limits limits;
        private RequestThreads requests;

        /**
         * Waits until all responses have left. Spring stops the port when no servlet is running, but Tomcat sends the
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
            Connection connection = new Connection(this, isSSLEnabled(), limits);
            // Now Tomcat closes the connection if this method returns false.
            connections.put(socket, connection);
            try {
                connection.getSocket().reset(socket, connection);
                socket.configureBlocking(false);
                socketProperties.setProperties(socket.socket());
                connection.setKeepAliveLeft(getMaxKeepAliveRequests());
                getPoller().register(connection);
                return true;
            } catch (IOException gone) {
                // The client went away.
                return false;
            }
        }
    }

    /**
     * Tomcat's parser of requests, which Tomcat keeps for the next one. It notifies the {@link Connection} of the start
     * and end of a request, and lends it its buffers. It refuses requests to which Tomcat would respond automatically:
     * HTTP/0.9, and a target of {@code *}.
     */
    private static final class RequestProcessor extends Http11Processor {

        private static final long NOT_STARTED = -1;
        private static final byte[] UNKNOWN_PATH = {'/', '*'};

        /** A request that Tomcat refuses, because it has no {@code Host}. */
        private static final byte[] MALFORMED = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private final SocketBufferHandler buffers = Limits.newBuffers(true);
        private boolean http09;

        private RequestProcessor(LimitedProtocol protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            Connection connection = (Connection) socket;
            connection.lend(buffers);
            try {
                SocketState state = super.service(connection);
                if (http09) {
                    http09 = false;
                    // Tomcat would respond without status and headers, now and to the next malformed request.
                    recycle();
                    connection.unRead(ByteBuffer.wrap(MALFORMED));
                    state = super.service(connection);
                }
                boolean open = state == SocketState.LONG || state == SocketState.OPEN;
                // Tomcat leaves no bytes in them; the next request would lack those.
                if (!open || !buffers.isReadBufferEmpty() || !buffers.isWriteBufferEmpty()) {
                    // Not UPGRADING either, because the service does not support HTTP/2.
                    return SocketState.CLOSED;
                }
                // Also after blank lines only, for which Tomcat would restart its time-out again and again.
                return request.getStartTimeNanos() == NOT_STARTED ? state
                        : connection.awaitHeaders(request.getStartTimeNanos());
            } finally {
                connection.giveBack(buffers);
            }
        }

        /** Tomcat calls this method once for each request, when it has read the headers. */
        @Override
        protected void parseHost(MessageBytes host) {
            ((Connection) socketWrapper).headersEnd();
            http09 = request.protocol().equals("");
            if (http09) {
                setErrorState(ErrorState.CLOSE_NOW, null);
                return;
            }
            // Tomcat would respond to OPTIONS * with a list of methods. An unknown path gets 404.
            if (request.requestURI().equals("*")) {
                request.requestURI().setBytes(UNKNOWN_PATH, 0, UNKNOWN_PATH.length);
            }
            super.parseHost(host);
        }
    }
}
