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

/** A client's connection, which tells the {@link Watchdog} what the service waits for (decision 0016). */
final class Connection extends NioSocketWrapper {

    /** Empty buffers save 40 KB of memory for each idle connection without TLS (decision 0016). */
    static final SocketBufferHandler NO_BUFFERS = new SocketBufferHandler(0, 0, false);

    private final Watchdog watchdog;
    private final AtomicLong millisLeft = new AtomicLong();

    /** Current or last wait; {@code null} on a new connection, and after the headers of each request. */
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

    /** Ends {@link #lend}, so that the request processor can lend the buffers to another connection. */
    void giveBack(SocketBufferHandler buffers) {
        // A TLS connection keeps its own buffers, and Tomcat has already replaced those of a closed connection.
        if (socketBufferHandler == buffers) {
            socketBufferHandler = NO_BUFFERS;
        }
        buffers.reset();
    }

    /** Replaces Tomcat's limit of the time between two bytes by the watchdog's limit of the total time. */
    void awaitHeaders() {
        setReadTimeout(0);
        begin(Wait.HEADER);
    }

    /**
     * Ends the wait for headers. Returns the number of requests since the last read from the socket. A number above 1
     * means pipelining.
     */
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

    /** Reduces the time left. Returns true if the wait has lasted too long. */
    boolean spend(long millis) {
        return millisLeft.addAndGet(-millis) < 0;
    }

    /** Shuts down only one direction, so that a request with an incomplete body still gets a response. */
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

    /** Counts a blocking read as a wait for a body, because Tomcat never blocks for headers. */
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

    /** Turns off the write timeout of Tomcat's poller, because the watchdog ends slow writes. */
    @Override
    public long getLastWrite() {
        return System.currentTimeMillis();
    }

    /** With {@code block}, waits while the client pauses. The watchdog limits only the average rate of reads. */
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
     * Returns whether all bytes are written. With {@code block}, waits at most one tick of the watchdog: Linux reports
     * a socket as writable only when a third of the send buffer is free, but accepts bytes earlier.
     */
    private boolean offer(boolean block, ByteBuffer from) throws IOException {
        int before = from.remaining();
        try {
            super.doWrite(block, from);
        } catch (SocketTimeoutException tick) {
            // Otherwise Tomcat would refuse the next write.
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
