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
 * A connection of a client. It tells the {@link Watchdog} what it waits for. Without TLS, it has buffers only during a
 * request (decision 0016).
 */
final class Connection extends NioSocketWrapper {

    /** The buffers of an idle connection without TLS. */
    static final SocketBufferHandler NO_BUFFERS = new SocketBufferHandler(0, 0, false);

    private final Watchdog watchdog;
    private final AtomicLong millisLeft = new AtomicLong();

    /** The last wait of the request; {@code null} if it has not waited yet. */
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

    /** Only the thread that has called {@link #lend} calls this method, so no two connections share buffers. */
    void giveBack(SocketBufferHandler buffers) {
        // Tomcat replaces the buffers of a connection that it closes.
        if (socketBufferHandler == buffers) {
            socketBufferHandler = NO_BUFFERS;
        }
        buffers.reset();
    }

    /** Starts the wait for the rest of the headers. Tomcat's own timeout limits only the time between two bytes. */
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
     * Ends a wait. A connection whose headers are incomplete then closes; a thread that waits for a body wakes and
     * still responds; a thread that waits for a slow reader wakes and fails.
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

    /** Reads. A thread waits only for the body of a request; Tomcat reads headers as they arrive. */
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

    /** Writes. The watchdog cuts off a client whose average rate is too low, so pauses and bursts are allowed. */
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
     * Writes what the kernel accepts. With {@code block}, waits until the kernel accepts the rest, or for a tick. The
     * kernel accepts bytes before it reports a socket as writable. It reports that only when a third of its buffer is
     * free (decision 0016). Returns whether all bytes are written.
     */
    private boolean offer(boolean block, ByteBuffer from) throws IOException {
        int before = from.remaining();
        try {
            super.doWrite(block, from);
        } catch (SocketTimeoutException tick) {
            // Otherwise Tomcat would refuse to write again.
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
