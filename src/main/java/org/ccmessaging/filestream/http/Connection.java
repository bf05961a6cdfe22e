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
 * A connection of a client. It tells the {@link Watchdog} for what it waits, and has buffers only during a request
 * (decision 0016).
 */
final class Connection extends NioSocketWrapper {

    /** The buffers of an idle connection. */
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

    /** Waits for the rest of the headers, without a thread. Tomcat limits only the time between two bytes. */
    void awaitHeaders() {
        setReadTimeout(0);
        begin(Wait.HEADER);
    }

    /** Returns how many requests the client has sent in a row, without waiting for a response. */
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

    /** Takes time from the wait. Returns whether none is left. */
    boolean spend(long millis) {
        return millisLeft.addAndGet(-millis) < 0;
    }

    /**
     * Ends a wait. A connection whose headers are incomplete then closes; a thread that waits for a body wakes and
     * still responds; a thread that waits for a reader wakes and fails.
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

    /** Reads. Only for the body of a request does a thread wait; Tomcat reads headers as they arrive. */
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

    /** Keeps Tomcat's poller from ending a write that waits; the watchdog does. */
    @Override
    public long getLastWrite() {
        return System.currentTimeMillis();
    }

    /** Writes. The watchdog cuts off a client with too low a rate: pauses and bursts are allowed. */
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
     * Writes as much as the kernel accepts, or waits for a tick. The kernel accepts bytes before it reports a socket as
     * writable, for which a third of its buffer must be free (decision 0016).
     *
     * @return whether nothing is left
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
