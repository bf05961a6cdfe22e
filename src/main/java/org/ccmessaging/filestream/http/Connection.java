package org.ccmessaging.filestream.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
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
import org.apache.tomcat.util.net.SocketEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Tomcat limits the time between two bytes; this class limits the time of headers and body in
 * total, and cuts off a client that takes its response too slowly. The thread that waits for the client looks at the
 * time, so no request needs a timer.
 *
 * <p>It has buffers only while a request is under way. Tomcat would keep 40 KB for each open connection, and 10,000
 * idle ones would then fill the memory outside the heap.
 */
final class Connection extends NioSocketWrapper {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /**
     * Interval at which a thread that waits for a reader looks at the time. It then also offers bytes to the kernel,
     * which takes some as soon as the client has taken some. It reports a socket as writable only when a third of its
     * buffer, up to megabytes, is free.
     */
    private static final long SLICE_MILLIS = 1_000;

    /** Time for which the service reads after it has refused a request whose body is under way (see {@link #end}). */
    private static final long LINGER_MILLIS = 2_000;

    /** Maximum number of bytes that it reads meanwhile. */
    private static final long LINGER_BYTES = 1024 * 1024;

    /** While no request is under way. */
    private static final SocketBufferHandler NO_BUFFERS = new SocketBufferHandler(0, 0, false);

    private final Limits limits;
    /** {@code null} if the connection is plain. */
    private final TlsChannel tls;
    /** {@code null} if the address has no limit. */
    private final InetAddress counted;

    /** Whether a byte of a request has come; with TLS, Tomcat also calls after the handshake. */
    private boolean used;
    private boolean inHeaders;
    private boolean lingers;
    private long lingered;
    private boolean gaveUp;
    private long bodyEnd;
    private long credit;
    private long lastTaken;
    /** Set by the thread of another connection: the client takes its response too slowly while many do. */
    private volatile boolean mustLeave;
    /** Set by the thread of another connection: the body ends here, and so does all that the client sends. */
    private volatile boolean bodyCut;
    /** While a thread waits for the client; the poller looks at it. */
    private volatile boolean waits;
    private volatile long slice;

    /**
     * Creates a connection that has buffers during its requests only. One with TLS always has its own, because a
     * handshake needs them too.
     *
     * @param counted the address that counts one less when the connection ends; {@code null} if it has no limit
     */
    Connection(NioEndpoint endpoint, boolean withTls, InetAddress counted, Limits limits) {
        super(withTls ? new TlsChannel(endpoint) : new NioChannel(NO_BUFFERS), endpoint);
        this.tls = getSocket() instanceof TlsChannel channel ? channel : null;
        this.counted = counted;
        this.limits = limits;
        // Until its first byte. Then Tomcat sets its own limit between two bytes.
        setReadTimeout(limits.settings.firstByteTimeout().toMillis());
    }

    // ---- a request starts and ends

    /** Gives the connection buffers, unless it still has those of the request's first part. */
    void start() {
        limits.requestStarts();
        if (socketBufferHandler == NO_BUFFERS) {
            socketBufferHandler = limits.takeBuffers();
        }
    }

    /**
     * Takes the buffers back, when the request's thread no longer uses them. Only that thread calls this: buffers that
     * another connection gets too early would mix two customers' responses.
     *
     * @param taken those that the connection had during the request, which Tomcat replaces when it closes a connection
     */
    void stop(SocketBufferHandler taken) {
        boolean closed = socketBufferHandler != taken;
        if (tls == null && (closed || taken.isReadBufferEmpty() && taken.isWriteBufferEmpty())) {
            if (!closed) {
                socketBufferHandler = NO_BUFFERS;
            }
            limits.giveBack(taken);
        }
        limits.requestEnds();
    }

    /**
     * Lets the client send the rest of its headers.
     *
     * @param started when the first byte of the request came, as {@link System#nanoTime()}
     */
    SocketState awaitHeaders(long started) {
        used = true;
        long left = limits.settings.headerTimeout().toMillis()
                - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        if (left <= 0) {
            limits.count(Limits.Cut.HEADER);
            return SocketState.CLOSED;
        }
        setReadTimeout(Math.min(left, limits.settings.idleTimeout().toMillis()));
        inHeaders = true;
        Connection oldest = limits.headers.join(this);
        if (oldest != null) {
            limits.count(Limits.Cut.HEADER);
            // As Tomcat's poller ends a connection whose time is over: no thread uses it then.
            oldest.processSocket(SocketEvent.ERROR, true);
        }
        return SocketState.LONG;
    }

    /** The headers are complete: from here on the body has its time, and the response its credit. */
    void headersEnd() {
        used = true;
        leaveHeaders();
        bodyEnd = System.nanoTime() + limits.settings.bodyTimeout().toNanos();
        credit = fullCredit();
        lastTaken = System.nanoTime();
    }

    private void leaveHeaders() {
        if (inHeaders) {
            inHeaders = false;
            limits.headers.leave(this);
        }
    }

    /**
     * Ends a connection whose request the service has answered without reading all of it. It tells the client that
     * nothing more comes, and throws away what the client still sends, without a thread. If it closed the connection at
     * once, the kernel would respond to those bytes with a reset, and the client would lose the response.
     */
    SocketState end() {
        SocketChannel channel = getSocket().getIOChannel();
        if (gaveUp || channel == null) {
            return SocketState.CLOSED;
        }
        try {
            if (tls != null) {
                tls.sayEnd();
            }
            channel.shutdownOutput();
        } catch (IOException gone) {
            return SocketState.CLOSED;
        }
        lingers = true;
        updateLastRead();
        setReadTimeout(LINGER_MILLIS);
        return SocketState.OPEN;
    }

    /**
     * Returns whether a thread waited for the body in vain. Tomcat's poller would wake only that thread with the next
     * bytes, so the connection must end.
     */
    boolean gaveUp() {
        return gaveUp;
    }

    /** Returns whether {@link #end} was called, so that everything that comes is discarded. */
    boolean lingers() {
        return lingers;
    }

    /** Throws away what has come since {@link #end}. */
    SocketState throwAway() throws IOException {
        ByteBuffer waste = socketBufferHandler.getReadBuffer();
        int count;
        do {
            waste.clear();
            // As the wire carries it: nobody needs to know what it says.
            count = getSocket().getIOChannel().read(waste);
            lingered += count;
        } while (count == waste.capacity() && lingered <= LINGER_BYTES);
        waste.clear();
        return count < 0 || lingered > LINGER_BYTES ? SocketState.CLOSED : SocketState.OPEN;
    }

    @Override
    public void setError(IOException error) {
        // Tomcat's poller found that the time for the next byte is over.
        if (!used) {
            limits.count(Limits.Cut.FIRST_BYTE);
        } else if (inHeaders) {
            limits.count(Limits.Cut.HEADER);
        }
        super.setError(error);
    }

    @Override
    protected void doClose() {
        leaveHeaders();
        super.doClose();
        if (counted != null) {
            limits.addresses.leave(counted);
        }
    }

    // ---- a thread waits for the client

    /** A thread that waits looks at the time itself; Tomcat's poller would wake a second thread for the same. */
    @Override
    public long getLastRead() {
        return waits ? System.currentTimeMillis() : super.getLastRead();
    }

    @Override
    public long getLastWrite() {
        return waits ? System.currentTimeMillis() : super.getLastWrite();
    }

    @Override
    public long getReadTimeout() {
        return waits ? slice : super.getReadTimeout();
    }

    @Override
    public long getWriteTimeout() {
        return waits ? slice : super.getWriteTimeout();
    }

    /** Only the body of a request is read so that a thread waits; Tomcat reads headers as they come. */
    @Override
    public int read(boolean block, ByteBuffer to) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(bodyEnd - System.nanoTime());
        if (block && left <= 0) {
            throw late();
        }
        try {
            int count = super.read(false, to);
            if (block && count == 0) {
                count = waitAndRead(left, to);
            }
            if (block && count < 0 && bodyCut) {
                throw late();
            }
            return count;
        } catch (EOFException end) {
            throw block && bodyCut ? late() : end;
        }
    }

    private int waitAndRead(long left, ByteBuffer to) throws IOException {
        slice = Math.min(left, limits.settings.idleTimeout().toMillis());
        Connection oldest = limits.bodies.join(this);
        if (oldest != null) {
            oldest.leaveBodies();
        }
        waits = true;
        try {
            return super.read(true, to);
        } catch (SocketTimeoutException silent) {
            gaveUp = true;
            throw late();
        } finally {
            waits = false;
            limits.bodies.leave(this);
        }
    }

    private SocketTimeoutException late() {
        limits.count(Limits.Cut.BODY);
        return new SocketTimeoutException("the body did not arrive in time");
    }

    /** Wakes the thread that waits for the body, for which the body ends here. The client still gets its response. */
    private void leaveBodies() {
        bodyCut = true;
        SocketChannel channel = getSocket().getIOChannel();
        try {
            if (channel != null) {
                channel.shutdownInput();
            }
        } catch (IOException gone) {
            LOG.debug("The client went away: {}", gone.getMessage());
        }
    }

    /**
     * Writes all bytes. A client has a credit of what it takes in {@code filestream.http.read-rate-window} at the
     * least rate. Its credit grows with what it takes and shrinks with the time for which the service waits for it;
     * without credit it is cut off. So pauses and bursts are allowed, and time that the store takes does not count.
     */
    @Override
    protected void doWrite(boolean block, ByteBuffer from) throws IOException {
        if (!block) {
            super.doWrite(false, from);
            return;
        }
        boolean joined = false;
        mustLeave = false;
        slice = SLICE_MILLIS;
        waits = true;
        try {
            while (true) {
                long started = System.nanoTime();
                int before = from.remaining();
                try {
                    super.doWrite(true, from);
                    account(before, started);
                    return;
                } catch (SocketTimeoutException slow) {
                    account(before - from.remaining(), started);
                    if (mustLeave || isTooSlow()) {
                        limits.count(Limits.Cut.SLOW_READER);
                        previousIOException = slowReader();
                        throw previousIOException;
                    }
                    // Else Tomcat would refuse to write again after a time-out.
                    previousIOException = null;
                    joined = true;
                    Connection oldest = limits.writers.join(this);
                    if (oldest != null) {
                        oldest.mustLeave = true;
                    }
                }
            }
        } finally {
            waits = false;
            if (joined) {
                limits.writers.leave(this);
            }
        }
    }

    private long fullCredit() {
        return limits.settings.minReadRate().toBytes() * limits.settings.readRateWindow().toMillis()
                / TimeUnit.SECONDS.toMillis(1);
    }

    private IOException slowReader() {
        return new IOException("slow-reader: the client took less than " + limits.settings.minReadRate().toBytes()
                + " bytes/s over " + limits.settings.readRateWindow().toSeconds() + " s");
    }

    private void account(long taken, long started) {
        long now = System.nanoTime();
        if (taken > 0) {
            lastTaken = now;
        }
        long due = limits.settings.minReadRate().toBytes() * TimeUnit.NANOSECONDS.toMicros(now - started)
                / TimeUnit.SECONDS.toMicros(1);
        credit = Math.min(fullCredit(), credit + taken) - due;
    }

    private boolean isTooSlow() {
        return credit < 0 || System.nanoTime() - lastTaken >= limits.settings.readRateWindow().toNanos();
    }

    /** Tomcat's channel of a TLS connection, which can end its own direction and still take what the client sends. */
    private static final class TlsChannel extends SecureNioChannel {

        private TlsChannel(NioEndpoint endpoint) {
            super(Limits.tlsBuffers(), endpoint);
        }

        /** Sends the alert {@code close_notify}, without which clients take the end of a connection for an attack. */
        private void sayEnd() throws IOException {
            sslEngine.closeOutbound();
            if (flush(netOutBuffer)) {
                netOutBuffer.clear();
                sslEngine.wrap(getEmptyBuf(), netOutBuffer);
                netOutBuffer.flip();
                flush(netOutBuffer);
            }
        }
    }
}
