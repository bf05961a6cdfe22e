package org.ccmessaging.filestream.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.ccmessaging.filestream.http.Watchdog.Wait;

/**
 * A connection of a client. The connection tells the {@link Watchdog} what the service waits for. Without TLS, a
 * connection has buffers only during a request (decision 0016).
 */
final class Connection extends NioSocketWrapper {

    /** The buffers of an idle connection without TLS. */
    static final SocketBufferHandler NO_BUFFERS = new SocketBufferHandler(0, 0, false);

    private final Watchdog watchdog;
    private final AtomicLong millisLeft = new AtomicLong();

    /** The latest wait of the request; {@code null} before the first wait. */
    private Wait wait;
    private int requestsInARow;
    private volatile boolean isCut;

    Connection(NioChannel channel, NioEndpoint endpoint, Watchdog watchdog) {
        super(channel, endpoint);
        this.watchdog = watchdog;
        setReadTimeout(endpoint.getConnectionTimeout());
        setWriteTimeout(Watchdog.TICK_MILLIS);
        setKeepAliveLeft(endpoint.getMaxKeepAliveRequests());
    }

    void lend(SocketBufferHandler buffers) {
        if (socketBufferHandler == NO_BUFFERS) {
            socketBufferHandler = buffers;
        }
    }

    /** The caller is the thread that has called {@link #lend}, so no two connections share buffers. */
    void giveBack(SocketBufferHandler buffers) {
        // When Tomcat closes a connection, it replaces the buffers of the connection.
        if (socketBufferHandler == buffers) {
            socketBufferHandler = NO_BUFFERS;
        }
        buffers.reset();
    }

    /** Starts the wait for the rest of the headers. Turns off Tomcat's limit of the time between two bytes. */
    void awaitHeaders() {
        setReadTimeout(0);
        begin(Wait.HEADER);
    }

    /** Ends the wait for headers. Returns the number of requests since the last read; 2 or more are pipelined. */
    int headersEnd() {
        endHeaders();
        wait = null;
        return ++requestsInARow;
    }

    private void endHeaders() {
        if (wait == Wait.HEADER) {
            watchdog.end(Wait.HEADER, this);
        }
    }

    @Override
    protected void doClose() {
        endHeaders();
        super.doClose();
    }

    private void begin(Wait next) {
        if (wait != next) {
            wait = next;
            millisLeft.set(watchdog.longestMillis(next));
        }
        watchdog.begin(next, this);
    }

    long millisLeft() {
        return millisLeft.get();
    }

    /** Subtracts time from the wait. Returns whether the wait has no time left. */
    boolean spend(long millis) {
        return millisLeft.addAndGet(-millis) < 0;
    }

    /**
     * Ends a wait. A connection with incomplete headers closes. A thread that waits for a body wakes and still
     * responds. A thread that waits for a slow reader wakes and fails.
     */
    void cut(Wait reached) {
        isCut = true;
        SocketChannel channel = getSocket().getIOChannel();
        try {
            if (channel != null && reached == Wait.SLOW_READER) {
                channel.shutdownOutput();
            } else if (channel != null) {
                channel.shutdownInput();
            }
        } catch (IOException gone) {
            // The client went away.
        }
    }

    /** Reads bytes. With {@code block}, waits for the body of a request. Tomcat never blocks for headers. */
    @Override
    public int read(boolean block, ByteBuffer to) throws IOException {
        int count = super.read(false, to);
        if (count == 0 && block) {
            count = awaitBody(to);
        }
        if (count < 0 && isCut) {
            throw new SocketTimeoutException("the client did not send in time");
        }
        if (count > 0) {
            requestsInARow = 0;
        }
        return count;
    }

    private int awaitBody(ByteBuffer to) throws IOException {
        begin(Wait.BODY);
        try {
            return super.read(true, to);
        } finally {
            watchdog.end(Wait.BODY, this);
        }
    }

    /** Keeps Tomcat's poller from ending a write that waits. Only the watchdog ends such a write. */
    @Override
    public long getLastWrite() {
        return System.currentTimeMillis();
    }

    /** Writes bytes. The watchdog cuts off a client whose average rate is too low, so a client may pause. */
    @Override
    protected void doWrite(boolean block, ByteBuffer from) throws IOException {
        if (offer(false, from) || !block) {
            return;
        }
        boolean written = offer(true, from);
        if (!written) {
            begin(Wait.SLOW_READER);
        }
        try {
            while (!written) {
                written = offer(true, from);
            }
        } catch (IOException failure) {
            throw isCut ? watchdog.slowReader() : failure;
        } finally {
            watchdog.end(Wait.SLOW_READER, this);
        }
    }

    /**
     * Writes the bytes that the kernel accepts. Returns whether all bytes are written. With {@code block}, waits until
     * the socket is writable, but at most one tick. The kernel reports a socket as writable only when a third of the
     * buffer is free. The kernel accepts bytes earlier, so the service tries to write at each tick.
     */
    private boolean offer(boolean block, ByteBuffer from) throws IOException {
        int before = from.remaining();
        try {
            super.doWrite(block, from);
        } catch (SocketTimeoutException tick) {
            // Clears the exception; otherwise Tomcat would refuse the next write.
            previousIOException = null;
        }
        if (wait == Wait.SLOW_READER) {
            long gained = watchdog.millisFor(before - from.remaining());
            millisLeft.accumulateAndGet(gained, (left, more) ->
                    Math.min(watchdog.longestMillis(Wait.SLOW_READER), left + more));
        }
        return !from.hasRemaining() && getSocket().getOutboundRemaining() == 0;
    }
}
