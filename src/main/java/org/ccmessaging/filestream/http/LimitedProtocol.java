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

/** Tomcat's HTTP/1.1 with the limits of a {@link Watchdog} (decision 0016). Tomcat instantiates this class by name. */
public final class LimitedProtocol extends Http11NioProtocol {

    /** With Tomcat's default of 8 KiB, the Base64 of a 40 KB file would take seven system calls (decision 0006). */
    private static final int WRITE_BYTES = 32 * 1024;

    /** Tomcat's default. */
    private static final int READ_BYTES = 8 * 1024;

    /** Heap of a TLS connection (75 KB measured). The connections of a port may take a quarter of the heap. */
    private static final int BYTES_OF_TLS = 80 * 1024;
    private static final int SHARE_OF_HEAP = 4;
    private static final int LEAST_TLS = 64;

    private Watchdog watchdog;
    private PeriodicTasks ticks;

    public LimitedProtocol() {
        super(new LimitedEndpoint());
    }

    static void use(TomcatServletWebServerFactory factory, Supplier<Watchdog> watchdog) {
        factory.setProtocol(LimitedProtocol.class.getName());
        factory.addConnectorCustomizers(connector ->
                ((LimitedProtocol) connector.getProtocolHandler()).limit(watchdog.get()));
    }

    private void limit(Watchdog limits) {
        watchdog = limits;
        LimitedEndpoint endpoint = (LimitedEndpoint) getEndpoint();
        endpoint.watchdog = limits;
        // Spring Boot sets an executor only for virtual threads.
        setExecutor(new RequestThreads(getExecutor() == null ? RequestThreads.platformThreads("http-exec-")
                : getExecutor(), limits.requests()));
        setProcessorCache(limits.requests());
        setConnectionTimeout((int) limits.longestMillis(Watchdog.Wait.HEADER));
        // Turns off Tomcat's limit of the time between two bytes, because the watchdog limits the total time.
        setDisableUploadTimeout(false);
        setConnectionUploadTimeout(0);
        if (isSSLEnabled()) {
            long most = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_OF_TLS;
            setMaxConnections((int) Math.min(getMaxConnections(), Math.max(LEAST_TLS, most)));
        }
        // Keeps no channels of ended connections, because each new connection creates its own channel.
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

        /** A TLS connection has its own buffers, because the handshake needs buffers before a processor lends any. */
        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            Connection connection = new Connection(createChannel(isSSLEnabled() ? newBuffers(false)
                    : Connection.NO_BUFFERS), this, watchdog);
            // Tomcat closes a registered connection if this method returns false.
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

    /** Lends buffers to connections, reports the end of headers, and refuses HTTP/0.9 and the path {@code *}. */
    private static final class RequestProcessor extends Http11Processor {

        private static final long NOT_STARTED = -1;
        private static final byte[] UNKNOWN_PATH = {'/', '*'};

        /** A request that Tomcat refuses with 400, because header {@code Host} is missing. */
        private static final byte[] MALFORMED = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        /** Maximum number of pipelined requests on a connection (decision 0016). */
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
                    // Tomcat would respond to HTTP/0.9 without status and headers. The response to MALFORMED has both.
                    // recycle() clears the error of parseHost(), so that Tomcat reads MALFORMED.
                    recycle();
                    connection.unRead(ByteBuffer.wrap(MALFORMED));
                    state = super.service(connection);
                }
                boolean open = state == SocketState.LONG || state == SocketState.OPEN;
                // The connection must close if bytes remain in the buffers, because giveBack() discards the bytes.
                if (!open || !buffers.isReadBufferEmpty() || !buffers.isWriteBufferEmpty()) {
                    return SocketState.CLOSED;
                }
                // A request's first byte starts the wait for headers. So does a blank line, because a blank line
                // restarts Tomcat's timeout.
                if (request.getStartTimeNanos() != NOT_STARTED) {
                    connection.awaitHeaders();
                    return SocketState.LONG;
                }
                return state;
            } finally {
                connection.giveBack(buffers);
            }
        }

        /** Tomcat calls this method when the headers of a request are complete. */
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
            // Replaces * by an unknown path, which gets 404. Tomcat would respond to OPTIONS * with a list of methods.
            if (request.requestURI().equals("*")) {
                request.requestURI().setBytes(UNKNOWN_PATH, 0, UNKNOWN_PATH.length);
            }
            super.parseHost(host);
        }
    }
}
