package org.ccmessaging.filestream.http.connection;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.apache.coyote.Adapter;
import org.apache.coyote.ErrorState;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's parser of requests, which tells the {@link Connection} where a request starts and ends. It refuses what
 * Tomcat would respond to by itself: HTTP/0.9, and a target of {@code *}.
 */
final class RequestProcessor extends Http11Processor {

    private static final long NOT_STARTED = -1;
    private static final int BAD_REQUEST = 400;
    private static final byte[] NO_PATH_OF_OURS = {'/', '*'};

    /**
     * Whether Tomcat sends its response without status and headers. It has no setting for that, and keeps what it found
     * for the next malformed request, perhaps of another client.
     */
    private static final VarHandle IS_HTTP_09 = isHttp09();

    RequestProcessor(LimitedProtocol protocol, Adapter adapter) {
        super(protocol, adapter);
    }

    private static VarHandle isHttp09() {
        try {
            return MethodHandles.privateLookupIn(Http11Processor.class, MethodHandles.lookup())
                    .findVarHandle(Http11Processor.class, "http09", boolean.class);
        } catch (ReflectiveOperationException otherTomcat) {
            throw new IllegalStateException("This version of Tomcat keeps http09 elsewhere", otherTomcat);
        }
    }

    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
        Connection connection = (Connection) socket;
        connection.start();
        SocketBufferHandler buffers = connection.getSocketBufferHandler();
        try {
            return connection.lingers() ? connection.throwAway() : service(connection);
        } finally {
            // No operation is asynchronous. If one were, another thread would go on with the buffers.
            if (!isAsync()) {
                connection.stop(buffers);
            }
        }
    }

    private SocketState service(Connection connection) throws IOException {
        SocketState state = super.service(connection);
        boolean open = state == SocketState.LONG || state == SocketState.OPEN;
        // Also after blank lines alone, for which Tomcat would start its time again and again.
        if (open && !isAsync() && request.getStartTimeNanos() != NOT_STARTED) {
            return connection.awaitHeaders(request.getStartTimeNanos());
        }
        // UPGRADING: the start of HTTP/2, which the service does not speak.
        if (state == SocketState.UPGRADING || connection.gaveUp()) {
            return SocketState.CLOSED;
        }
        return state == SocketState.CLOSED && getErrorState() == ErrorState.CLOSE_CLEAN ? connection.end() : state;
    }

    /** Tomcat calls this once for each request, when it has read the headers and before it hands the request on. */
    @Override
    protected void parseHost(MessageBytes host) {
        ((Connection) socketWrapper).headersEnd();
        if (request.protocol().equals("")) {
            IS_HTTP_09.set(this, false);
            response.setStatus(BAD_REQUEST);
            setErrorState(ErrorState.CLOSE_CLEAN, null);
        }
        // Tomcat itself would respond to OPTIONS with a list of methods. Now it is one more unknown path.
        if (request.requestURI().equals("*")) {
            request.requestURI().setBytes(NO_PATH_OF_OURS, 0, NO_PATH_OF_OURS.length);
        }
        super.parseHost(host);
    }
}
