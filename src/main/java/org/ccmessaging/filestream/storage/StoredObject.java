package org.ccmessaging.filestream.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.ccmessaging.filestream.failure.FileTooLargeException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened file of any storage. Its reader reads it once from front to back, and gets exactly what the storage
 * announced, or a {@link ReadBrokenException}: a short read never passes for the end.
 *
 * <p>The step that opens it attaches it to the exchange ({@link #attachTo}). The exchange closes it on every path: when
 * the response has left, when a later step fails, when the client goes away.
 *
 * <p>It counts in that exchange alone ({@link #requireOpenedBy}): a route that keeps the file of one request cannot
 * serve it to another (decision 0018).
 */
public final class StoredObject implements Closeable {

    /** The length of an object whose storage does not announce one. */
    public static final long UNKNOWN_LENGTH = -1;

    /**
     * Most bytes that {@link #close} lets the stream read to its end, so that the connection can serve the next
     * request. A new connection costs less than a longer rest.
     */
    private static final long DRAIN_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(StoredObject.class);

    private static final String PROPERTY = StoredObject.class.getName();
    private static final String COUNTER = PROPERTY + ".counter";
    private static final String GIVEN = PROPERTY + ".given";

    /** What each storage does in its own way at the end of a file. */
    public interface Source {

        /** Learns that the reader waits for the next chunk, from now on. */
        default void nextChunk() {
        }

        /** Closes the connection without reading the rest. */
        void abort();

        /**
         * Checks that the object is still the one that was opened. The reader calls it once, after the last byte.
         *
         * @throws IOException if the object changed during the read
         */
        void requireUnchanged() throws IOException;

        /** Names the version of the object, as a strong ETag does; {@code null} if nothing names it. */
        default String version() {
            return null;
        }
    }

    private final InputStream content;
    private final Source source;
    private final long length;
    private final long mostBytes;
    private Exchange exchange;
    private LongConsumer counter = bytes -> { };
    private long bytesRead;
    private boolean ended;
    private boolean broken;
    private boolean given;

    /**
     * @param content the object's bytes, from the first
     * @param length how many bytes the storage announced, or {@link #UNKNOWN_LENGTH}
     * @param mostBytes the largest file that the service serves ({@code filestream.download.max-file-size})
     */
    public StoredObject(InputStream content, long length, long mostBytes, Source source) {
        this.content = content;
        this.length = length;
        this.mostBytes = mostBytes;
        this.source = source;
    }

    /**
     * Makes this the exchange's body. The exchange closes it when it completes.
     *
     * @throws FileTooLargeException if the object is larger than the service serves
     * @throws ReadBrokenException if it is another version than the one that the exchange has given away
     */
    public void attachTo(Exchange exchange) {
        this.exchange = exchange;
        exchange.getMessage().setBody(this);
        exchange.setProperty(PROPERTY, this);
        counter = exchange.getProperty(COUNTER, counter, LongConsumer.class);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                close();
            }
        });
        requireServed(length);
        requireGivenVersion(exchange.getProperty(GIVEN, String.class));
    }

    private void requireGivenVersion(String given) {
        if (given != null && !given.equals(source.version())) {
            throw new ReadBrokenException("the file changed after step give-stream: " + source.version() + " and not "
                    + given, null);
        }
    }

    /**
     * Lets another system read the object instead of the customer. From now on the exchange opens no other version.
     *
     * @throws UnauthorizedException if another exchange opened it
     * @throws IllegalStateException if something of it has been read already
     * @throws ReadBrokenException if nothing names the version, so that a later change would not show
     */
    void giveAway(Exchange exchange) {
        requireWhole(exchange);
        given = true;
        String version = source.version();
        if (version == null) {
            throw new ReadBrokenException("step give-stream got a file without a version, such as a strong ETag",
                    null);
        }
        exchange.setProperty(GIVEN, version);
    }

    /**
     * Makes sure that a step of the exchange opened this file.
     *
     * @throws UnauthorizedException if it is the file of another exchange. The log names the route, because only an
     *     edited one comes here.
     */
    public void requireOpenedBy(Exchange served) {
        if (served != exchange) {
            LOG.warn("Route {} was refused: the body is a file that another request opened", served.getFromRouteId());
            throw new UnauthorizedException("the file of another request");
        }
    }

    /**
     * Makes sure that a step of the exchange opened this file, and that nobody has read of it. The customer would get
     * the rest, and take it for the file.
     *
     * @throws UnauthorizedException if it is the file of another exchange
     * @throws IllegalStateException if something of it has been read, or another system may read it
     */
    public void requireWhole(Exchange served) {
        requireOpenedBy(served);
        if (given || bytesRead > 0) {
            throw new IllegalStateException("something of the file has been read, or step give-stream has given it"
                    + " away: open it again");
        }
    }

    /** Tells the counter how many bytes of a file the exchange reads, each time it reads some. */
    public static void countBytes(Exchange exchange, LongConsumer counter) {
        exchange.setProperty(COUNTER, counter);
    }

    /** Bytes of a file that the exchange has read so far; 0 if it opened none. */
    public static long bytesRead(Exchange exchange) {
        StoredObject object = exchange.getProperty(PROPERTY, StoredObject.class);
        return object == null || object.exchange != exchange ? 0 : object.bytesRead;
    }

    /** What a step that takes a file got instead of one, for its message. */
    public static String nameOf(Object body) {
        return body == null ? "an empty body" : "a " + body.getClass().getSimpleName();
    }

    /** In bytes, or {@link #UNKNOWN_LENGTH}. */
    public long length() {
        return length;
    }

    /** Whether the reader has read the last byte and the object is complete. */
    public boolean ended() {
        return ended;
    }

    /**
     * Reads until the buffer is full or the object ends.
     *
     * @return number of bytes read; fewer than the buffer holds only at the end
     * @throws ReadBrokenException if the read broke, or the object is not as the storage announced it
     * @throws FileTooLargeException if the object turns out larger than the service serves
     */
    public int fill(byte[] buffer) {
        if (ended) {
            return 0;
        }
        try {
            source.nextChunk();
            int count = content.readNBytes(buffer, 0, buffer.length);
            bytesRead += count;
            counter.accept(count);
            requireServed(bytesRead);
            if (count < buffer.length || bytesRead == length) {
                requireEnd();
            }
            return count;
        } catch (IOException | RuntimeException failure) {
            broken = true;
            if (failure instanceof FileTooLargeException refused) {
                throw refused;
            }
            throw new ReadBrokenException("read broke after " + bytesRead + " of "
                    + (length == UNKNOWN_LENGTH ? "unknown" : length) + " bytes: " + failure.getMessage(), failure);
        }
    }

    /**
     * Reads one byte behind the announced end, which must not exist. The S3 client takes its connection back, and the
     * SDK's own stream compares its checksum, only after such a read.
     */
    private void requireEnd() throws IOException {
        if (length != UNKNOWN_LENGTH && bytesRead != length) {
            throw new IOException("the object ended early");
        }
        if (content.read() >= 0) {
            throw new IOException("the object is longer than announced");
        }
        source.requireUnchanged();
        ended = true;
    }

    private void requireServed(long bytes) {
        if (bytes > mostBytes) {
            throw new FileTooLargeException(
                    bytes + " bytes or more, filestream.download.max-file-size is " + mostBytes);
        }
    }

    /** Closes the storage's stream; safe to call more than once. */
    @Override
    public void close() {
        boolean muchLeft = !ended && (length == UNKNOWN_LENGTH || length - bytesRead > DRAIN_BYTES);
        if (broken || muchLeft) {
            source.abort();
            return;
        }
        try {
            content.close();
        } catch (IOException | RuntimeException unclosable) {
            source.abort();
        }
    }
}
