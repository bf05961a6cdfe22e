package org.ccmessaging.filestream.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * A connection of a client. Tomcat limits the time between two bytes; this class limits the total time of headers and
 * of the body, and cuts off a client that reads its response too slowly. The thread that waits for the client checks
 * the time, so no request needs a timer. A connection has buffers only during a request (decision 0016).
 */
final class Connection extends NioSocketWrapper {

    /**
     * Interval at which a thread that waits for a reader checks the time and offers bytes to the kernel, which takes
     * some before it reports a socket as writable (decision 0016).
     */
    private static final long SLICE_MILLIS = 1_000;

    /** The buffers of an idle connection. */
    private static final SocketBufferHandler NO_BUFFERS = new SocketBufferHandler(0, 0, false);

    private final Limits limits;

    /** Limit that is exceeded if Tomcat's poller ends the connection now; {@code null} between two requests. */
    private Limits.Cut pendingLimit = Limits.Cut.FIRST_BYTE;
    private long bodyEnd;
    /** A body that is late ends its connection, so it counts once, however often somebody tries to read it. */
    private boolean bodyIsLate;
    private long credit;
    /** Set by the thread of a connection that takes the place of this one in a full queue of {@link Limits}. */
    private volatile boolean evicted;
    /** Set while a thread waits for the client; read by the poller. */
    private volatile boolean waits;

    /** With TLS a connection always has buffers, because a handshake needs them too. */
    Connection(NioEndpoint endpoint, boolean tls, Limits limits) {
        super(tls ? new SecureNioChannel(Limits.newBuffers(false), endpoint) : new NioChannel(NO_BUFFERS), endpoint);
        this.limits = limits;
        // With the first byte Tomcat sets its own limit between two bytes.
        setReadTimeout(limits.settings.firstByteTimeout().toMillis());
        setWriteTimeout(SLICE_MILLIS);
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

    /** @param started time of the request's first byte, from {@link System#nanoTime()} */
    SocketState awaitHeaders(long started) {
        long left = limits.settings.headerTimeout().toMillis()
                - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        if (left <= 0) {
            limits.count(Limits.Cut.HEADER);
            return SocketState.CLOSED;
        }
        setReadTimeout(left);
        pendingLimit = Limits.Cut.HEADER;
        limits.headers.add(this);
        return SocketState.LONG;
    }

    void headersEnd() {
        leaveHeaders();
        bodyEnd = System.nanoTime() + limits.settings.bodyTimeout().toNanos();
        credit = limits.credit;
    }

    private void leaveHeaders() {
        if (pendingLimit == Limits.Cut.HEADER) {
            limits.headers.remove(this);
        }
        pendingLimit = null;
    }

    @Override
    public void setError(IOException error) {
        // Tomcat's poller found that the time for the next byte is over.
        if (pendingLimit != null) {
            limits.count(pendingLimit);
        }
        super.setError(error);
    }

    @Override
    protected void doClose() {
        leaveHeaders();
        super.doClose();
    }

    /**
     * Ends what the client sends. A connection whose headers are incomplete then closes; a thread that waits for a body
     * wakes and still responds; a thread that waits for a reader finds the mark.
     */
    void evict() {
        evicted = true;
        if (pendingLimit != null) {
            limits.count(pendingLimit);
        }
        SocketChannel channel = getSocket().getIOChannel();
        try {
            if (channel != null) {
                channel.shutdownInput();
            }
        } catch (IOException gone) {
            // The client went away.
        }
    }

    /** Keeps Tomcat's poller from waking a second thread while the one that waits checks the time. */
    @Override
    public long getLastRead() {
        return waits ? System.currentTimeMillis() : super.getLastRead();
    }

    @Override
    public long getLastWrite() {
        return waits ? System.currentTimeMillis() : super.getLastWrite();
    }

    /** Reads. Only for the body of a request does a thread wait; Tomcat reads headers as they arrive. */
    @Override
    public int read(boolean block, ByteBuffer to) throws IOException {
        if (!block) {
            return super.read(false, to);
        }
        long left = TimeUnit.NANOSECONDS.toMillis(bodyEnd - System.nanoTime());
        if (left <= 0) {
            throw late();
        }
        try {
            int count = super.read(false, to);
            count = count == 0 ? waitAndRead(left, to) : count;
            if (count >= 0 || !evicted) {
                return count;
            }
        } catch (EOFException end) {
            if (!evicted) {
                throw end;
            }
        } catch (SocketTimeoutException silent) {
            // Otherwise Tomcat's poller would handle the next bytes, for which no thread waits any more.
            evict();
        }
        throw late();
    }

    private int waitAndRead(long left, ByteBuffer to) throws IOException {
        setReadTimeout(left);
        limits.bodies.add(this);
        waits = true;
        try {
            return super.read(true, to);
        } finally {
            waits = false;
            limits.bodies.remove(this);
        }
    }

    private SocketTimeoutException late() {
        if (!bodyIsLate) {
            bodyIsLate = true;
            limits.count(Limits.Cut.BODY);
        }
        return new SocketTimeoutException("the body did not arrive in time");
    }

    /** Cuts off a client that has no credit left: pauses and bursts are allowed (decision 0016). */
    @Override
    protected void doWrite(boolean block, ByteBuffer from) throws IOException {
        if (previousIOException != null) {
            throw new IOException(previousIOException);
        }
        if (!offer(from) && block) {
            waitForReader(from);
        }
    }

    private void waitForReader(ByteBuffer from) throws IOException {
        boolean joined = false;
        evicted = false;
        waits = true;
        try {
            for (waitSlice(from); !offer(from); waitSlice(from)) {
                if (evicted || credit < 0) {
                    limits.count(Limits.Cut.SLOW_READER);
                    previousIOException = limits.slowReader();
                    throw previousIOException;
                }
                joined = true;
                limits.writers.add(this);
            }
        } finally {
            waits = false;
            if (joined) {
                limits.writers.remove(this);
            }
        }
    }

    /** Writes as much as the kernel accepts now. Returns whether nothing is left. */
    private boolean offer(ByteBuffer from) throws IOException {
        int before = from.remaining();
        super.doWrite(false, from);
        credit = Math.min(limits.credit, credit + before - from.remaining());
        return !from.hasRemaining() && getSocket().getOutboundRemaining() == 0;
    }

    /**
     * Waits until all bytes are written, or {@link #SLICE_MILLIS} without one. The reader pays for no more than that:
     * a thread that wakes later was late itself, and so was a process that its host had suspended.
     */
    private void waitSlice(ByteBuffer from) throws IOException {
        long started = System.nanoTime();
        int before = from.remaining();
        try {
            super.doWrite(true, from);
        } catch (SocketTimeoutException slow) {
            // Otherwise Tomcat would refuse to write again after a time-out.
            previousIOException = null;
        }
        long waited = Math.min(SLICE_MILLIS, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        credit += before - from.remaining() - limits.readRate * waited / TimeUnit.SECONDS.toMillis(1);
    }
}
