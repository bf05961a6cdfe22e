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
    /** {@code null} if its number of connections has no limit. */
    private final InetAddress counted;

    /** Limit that is exceeded when Tomcat's poller ends the connection; {@code null} if it is none of a request. */
    private Limits.Cut awaited = Limits.Cut.FIRST_BYTE;
    private boolean lingers;
    private long lingered;
    private long bodyEnd;
    private long credit;
    /** Set by the thread of another connection: the client takes its response too slowly while many do. */
    private volatile boolean mustLeave;
    /** The body ends here, and so does all that the client sends. The thread of another connection may set it. */
    private volatile boolean bodyCut;
    /** While a thread waits for the client; the poller looks at it. */
    private volatile boolean waits;

    /**
     * Creates a connection that has buffers during its requests only. One with TLS always has its own, because a
     * handshake needs them too.
     *
     * @param counted the address that counts one less when the connection ends; {@code null} for none
     */
    Connection(NioEndpoint endpoint, boolean withTls, InetAddress counted, Limits limits) {
        super(withTls ? new TlsChannel(endpoint) : new NioChannel(NO_BUFFERS), endpoint);
        this.tls = getSocket() instanceof TlsChannel channel ? channel : null;
        this.counted = counted;
        this.limits = limits;
        // Until its first byte. Then Tomcat sets its own limit between two bytes.
        setReadTimeout(limits.settings.firstByteTimeout().toMillis());
        setWriteTimeout(SLICE_MILLIS);
    }

    // ---- a request starts and ends

    /** Gives the connection buffers, unless it still has those of the request's first part. */
    void start() {
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
    }

    /**
     * Lets the client send the rest of its headers.
     *
     * @param started when the first byte of the request came, as {@link System#nanoTime()}
     */
    SocketState awaitHeaders(long started) {
        long left = limits.settings.headerTimeout().toMillis()
                - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        if (left <= 0) {
            limits.count(Limits.Cut.HEADER);
            return SocketState.CLOSED;
        }
        setReadTimeout(Math.min(left, limits.settings.idleTimeout().toMillis()));
        awaited = Limits.Cut.HEADER;
        limits.headers.join(this);
        return SocketState.LONG;
    }

    /** Ends the connection as Tomcat's poller ends one whose time is over: no thread uses it then. */
    void evictHeaders() {
        limits.count(Limits.Cut.HEADER);
        processSocket(SocketEvent.ERROR, true);
    }

    /** The headers are complete: from here on the body has its time, and the response its credit. */
    void headersEnd() {
        leaveHeaders();
        bodyEnd = System.nanoTime() + limits.settings.bodyTimeout().toNanos();
        credit = limits.credit;
    }

    private void leaveHeaders() {
        if (awaited == Limits.Cut.HEADER) {
            limits.headers.leave(this);
        }
        awaited = null;
    }

    /**
     * Ends a connection whose request the service has answered without reading all of it. It tells the client that
     * nothing more comes, and throws away what the client still sends, without a thread. If it closed the connection at
     * once, the kernel would respond to those bytes with a reset, and the client would lose the response.
     */
    SocketState end() {
        SocketChannel channel = getSocket().getIOChannel();
        if (channel == null) {
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
        if (awaited != null) {
            limits.count(awaited);
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

    /** Only the body of a request is read so that a thread waits; Tomcat reads headers as they come. */
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
            if (count == 0) {
                count = waitAndRead(left, to);
            }
            if (count >= 0 || !bodyCut) {
                return count;
            }
        } catch (EOFException end) {
            if (!bodyCut) {
                throw end;
            }
        }
        throw late();
    }

    private int waitAndRead(long left, ByteBuffer to) throws IOException {
        setReadTimeout(Math.min(left, limits.settings.idleTimeout().toMillis()));
        limits.bodies.join(this);
        waits = true;
        try {
            return super.read(true, to);
        } catch (SocketTimeoutException silent) {
            // Otherwise Tomcat's poller would wake this thread with the next bytes, which no longer waits for them.
            cutBody();
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

    /** Ends the body, and wakes the thread that waits for it. The client still gets its response. */
    void cutBody() {
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
        waits = true;
        try {
            while (!writeSlice(from)) {
                if (mustLeave || credit < 0) {
                    limits.count(Limits.Cut.SLOW_READER);
                    previousIOException = limits.slowReader();
                    throw previousIOException;
                }
                joined = true;
                limits.writers.join(this);
            }
        } finally {
            waits = false;
            if (joined) {
                limits.writers.leave(this);
            }
        }
    }

    /** Cuts the client off when the thread that writes looks at the time next. */
    void evictReader() {
        mustLeave = true;
    }

    /** Writes what the client takes within {@link #SLICE_MILLIS}, and returns whether that was all. */
    private boolean writeSlice(ByteBuffer from) throws IOException {
        long started = System.nanoTime();
        int before = from.remaining();
        boolean complete = true;
        try {
            super.doWrite(true, from);
        } catch (SocketTimeoutException slow) {
            // Otherwise Tomcat would refuse to write again after a time-out.
            previousIOException = null;
            complete = false;
        }
        long due = limits.readRate * TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started)
                / TimeUnit.SECONDS.toMicros(1);
        credit = Math.min(limits.credit, credit + before - from.remaining()) - due;
        return complete;
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
