package org.ccmessaging.filestream.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.FileTooLargeException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.Secret;

/**
 * An opened file of any storage. If the storage announced a length, a reader gets exactly this number of bytes, or an
 * exception. So an incomplete file never looks complete.
 *
 * <p>Only the exchange that opened the file may send the file to its client (decision 0018).
 */
public final class StoredObject implements Closeable {

    public static final long UNKNOWN_LENGTH = -1;

    private static final String PROPERTY = StoredObject.class.getName();

    /** The operations of an opened file that differ by storage. */
    public interface Source {

        /** Starts the deadline of the next chunk. */
        default void nextChunk(boolean first) {
        }

        /**
         * Ends the read without waiting for the storage. If bytes are left, this method closes the connection, because
         * reading the rest has no time limit.
         */
        void abort();

        /** Called once, after the last byte. Throws if the object has changed during the read. */
        default void requireUnchanged() throws IOException {
        }

        /**
         * Checks the object once, before the reader gets the first bytes.
         *
         * @throws DocumentedFailure if the customer must not get the object, or the check is not possible
         */
        default void requireServable() {
        }

        /**
         * Returns a temporary link to the object, for clients without credentials. Returns {@code null} if the storage
         * has no links, or if the link could return another content type or a forbidden version of the object.
         *
         * @param lifetime from 1 s to 7 days
         * @throws DocumentedFailure for the reasons of {@link #requireServable}
         */
        default Secret link(Duration lifetime, String contentType, String contentDisposition) {
            return null;
        }
    }

    private final InputStream content;
    private final Source source;
    private final long length;
    private final long mostBytes;
    private Exchange exchange;
    private long bytesRead;
    private boolean ended;

    /**
     * @param length the announced length in bytes, or {@link #UNKNOWN_LENGTH}
     * @param mostBytes {@code filestream.download.max-file-size}
     */
    public StoredObject(InputStream content, long length, long mostBytes, Source source) {
        this.content = content;
        this.length = length;
        this.mostBytes = mostBytes;
        this.source = source;
    }

    /** Makes this file the body of the exchange. The exchange closes the file on completion, even after a failure. */
    public void attachTo(Exchange exchange) {
        this.exchange = exchange;
        exchange.getMessage().setBody(this);
        exchange.setProperty(PROPERTY, this);
        whenDone(exchange, this::close);
        requireServed(length);
    }

    /** Runs {@code work} when the exchange has completed, with or without a failure. */
    public static void whenDone(Exchange exchange, Runnable work) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                work.run();
            }
        });
    }

    /** Checks that {@code served} opened the file, and that no step has read part of the file. */
    public void requireWhole(Exchange served) {
        if (served != exchange) {
            throw Identity.refused(served, "the body is a file that another request opened");
        }
        if (bytesRead > 0) {
            throw new IllegalStateException("something of the file has been read: open it again");
        }
    }

    /** Checks that only the caller has read the file. {@code bytes} is the number of bytes that the caller has read. */
    public void requireRead(long bytes) {
        if (bytesRead != bytes) {
            throw new ReadBrokenException("another step has read some of the file while it was served");
        }
    }

    /** Returns the number of bytes read from the exchange's file; 0 if the exchange opened no file. */
    public static long bytesRead(Exchange exchange) {
        StoredObject object = exchange.getProperty(PROPERTY, StoredObject.class);
        return object == null || object.exchange != exchange ? 0 : object.bytesRead;
    }

    public long length() {
        return length;
    }

    public Secret link(Duration lifetime, String contentType, String contentDisposition) {
        return source.link(lifetime, contentType, contentDisposition);
    }

    /** Returns whether the last byte has been read and the object is complete. */
    public boolean ended() {
        return ended;
    }

    /**
     * Reads until the buffer is full or the object ends.
     *
     * @return number of bytes; less than the size of the buffer only at the end
     * @throws ReadBrokenException if the read broke, or the object changed or has another length than announced
     * @throws FileServiceRefusedException if the object exceeds the maximum size
     * @throws DocumentedFailure for the reasons of {@link Source#requireServable}
     */
    public int fill(byte[] buffer) {
        if (ended) {
            return 0;
        }
        try {
            source.nextChunk(bytesRead == 0);
            int count = content.readNBytes(buffer, 0, buffer.length);
            bytesRead += count;
            requireServed(bytesRead);
            if (count < buffer.length || bytesRead == length) {
                requireEnd();
            }
            if (count > 0 && bytesRead == count) {
                source.requireServable();
            }
            return count;
        } catch (IOException | RuntimeException failure) {
            if (failure instanceof DocumentedFailure documented) {
                throw documented;
            }
            throw new ReadBrokenException("read broke after " + bytesRead + " of "
                    + (length == UNKNOWN_LENGTH ? "unknown" : length) + " bytes: " + failure.getMessage(), failure);
        }
    }

    /** Checks that the object ends. Reading past the last byte also returns the connection to its pool. */
    private void requireEnd() throws IOException {
        if (bytesRead < length) {
            throw new IOException("the object ended early");
        }
        if (length != UNKNOWN_LENGTH && bytesRead > length || content.read() >= 0) {
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

    @Override
    public void close() {
        source.abort();
    }
}
