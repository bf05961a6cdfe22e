package org.ccmessaging.filestream.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

/** Tomcat's HTTP/1.1 with the limits of a {@link Watchdog} (decision 0016). Tomcat creates this class by its name. */
public final class LimitedProtocol extends Http11NioProtocol {

    /**
     * Bytes that Tomcat writes to the socket at once (decision 0006). With its default of 8 KiB a file of 40 KB takes
     * seven system calls, and each may wake the client for a part.
     */
    private static final int WRITE_BYTES = 32 * 1024;

    /** Tomcat's default. A request's headers and its body mostly come in one read. */
    private static final int READ_BYTES = 8 * 1024;

    /** Heap of a TLS connection (75 KB measured, mostly Tomcat's buffers). All may take a quarter of the heap. */
    private static final int BYTES_OF_TLS = 80 * 1024;
    private static final int SHARE_OF_HEAP = 4;
    private static final int LEAST_TLS = 64;

    private Watchdog watchdog;
    private PeriodicTasks ticks;

    /** Creates a protocol without limits, which {@link #use} sets before the connector starts. */
    public LimitedProtocol() {
        super(new LimitedEndpoint());
    }

    /** @param watchdog called when the connector is created */
    static void use(TomcatServletWebServerFactory factory, Supplier<Watchdog> watchdog) {
        factory.setProtocol(LimitedProtocol.class.getName());
        factory.addConnectorCustomizers(connector ->
                ((LimitedProtocol) connector.getProtocolHandler()).limit(watchdog.get()));
    }

    /**
     * Sets the limits. Connections with TLS keep their buffers, so their number is lowered to fit the heap. Requests
     * run on virtual threads if Spring Boot has set an executor of those, and on platform threads otherwise.
     */
    private void limit(Watchdog limits) {
        watchdog = limits;
        LimitedEndpoint endpoint = (LimitedEndpoint) getEndpoint();
        endpoint.watchdog = limits;
        setExecutor(new RequestThreads(getExecutor() == null ? RequestThreads.platformThreads("http-exec-")
                : getExecutor(), limits.requests()));
        setProcessorCache(limits.requests());
        setConnectionTimeout((int) limits.longestMillis(Watchdog.Wait.HEADER));
        // Turns off Tomcat's limit of the time between two bytes. The watchdog limits the time of the whole body.
        setDisableUploadTimeout(false);
        setConnectionUploadTimeout(0);
        if (isSSLEnabled()) {
            long most = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_TLS;
            setMaxConnections((int) Math.min(getMaxConnections(), Math.max(LEAST_TLS, most)));
        }
        // Tomcat would keep channels of ended connections for new ones. Here each connection makes its own.
        endpoint.getSocketProperties().setBufferPool(0);
    }

    @Override
    public void start() throws Exception {
        super.start();
        ticks = new PeriodicTasks("http-watchdog", 1);
        ticks.scheduleWithFixedDelay(watchdog::tick, Watchdog.TICK_MILLIS, Watchdog.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        super.stop();
        if (ticks != null) {
            ticks.shutdownNow();
        }
    }

    @Override
    protected Processor createProcessor() {
        return new RequestProcessor(this, getAdapter());
    }

    private static SocketBufferHandler newBuffers(boolean direct) {
        return new SocketBufferHandler(READ_BYTES, WRITE_BYTES, direct);
    }

    private static final class LimitedEndpoint extends NioEndpoint {

        private Watchdog watchdog;

        /** With TLS a connection always has buffers, because a handshake needs them too. */
        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            Connection connection = new Connection(createChannel(isSSLEnabled() ? newBuffers(false)
                    : Connection.NO_BUFFERS), this, watchdog);
            // Now Tomcat closes the connection if this method returns false.
            connections.put(socket, connection);
            try {
                connection.getSocket().reset(socket, connection);
                socket.configureBlocking(false);
                socketProperties.setProperties(socket.socket());
                getPoller().register(connection);
                return true;
            } catch (IOException gone) {
                // The client went away.
                return false;
            }
        }
    }

    /**
     * Tomcat's parser of requests, which Tomcat reuses for other connections. It notifies the {@link Connection} of the
     * end of the headers, and lends buffers to it. It refuses requests to which Tomcat would respond automatically:
     * HTTP/0.9, and a target of {@code *}.
     */
    private static final class RequestProcessor extends Http11Processor {

        private static final long NOT_STARTED = -1;
        private static final byte[] UNKNOWN_PATH = {'/', '*'};

        /** A request that Tomcat refuses, because it has no {@code Host}. */
        private static final byte[] MALFORMED = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        /**
         * Requests that a client may send in a row without waiting for a response. The last of them ends the
         * connection, so that a client that reads no response cannot make the service write many.
         */
        private static final int MOST_IN_A_ROW = 8;

        private final SocketBufferHandler buffers = newBuffers(true);
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
                    // To HTTP/0.9 Tomcat would send no status and headers, nor to the next malformed request.
                    recycle();
                    connection.unRead(ByteBuffer.wrap(MALFORMED));
                    state = super.service(connection);
                }
                boolean open = state == SocketState.LONG || state == SocketState.OPEN;
                // The next request would lack bytes that are left in the buffers. Tomcat should leave none.
                if (!open || !buffers.isReadBufferEmpty() || !buffers.isWriteBufferEmpty()) {
                    // State UPGRADING closes the connection as well, because the service does not support HTTP/2.
                    return SocketState.CLOSED;
                }
                // Blank lines start a request as well; Tomcat would restart its time-out at each of them.
                if (request.getStartTimeNanos() != NOT_STARTED) {
                    connection.awaitHeaders();
                    return SocketState.LONG;
                }
                return state;
            } finally {
                connection.giveBack(buffers);
            }
        }

        /** Tomcat calls this method once for each request, when it has read the headers. */
        @Override
        protected void parseHost(MessageBytes host) {
            if (((Connection) socketWrapper).headersEnd() >= MOST_IN_A_ROW) {
                socketWrapper.setKeepAliveLeft(1);
            }
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
