package org.ccmessaging.filestream.storage;

import java.io.InputStream;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code give-stream}: replaces the opened object by a stream of its bytes, for another system that reads a file
 * before the customer gets it, such as a virus scanner. The exchange must open the file again for the customer, and
 * opens no other version of it: what the scanner read is what the customer gets.
 *
 * <p>Reads of the stream have the deadlines, the size limit and the checks of all files.
 */
@RouteStep(description = "Gives the bytes of the opened file to another system; the exchange opens it again, the"
        + " same version. Fails with 13.",
        needs = "file", takes = "file")
public class GiveStream implements Processor {

    /** As large as the chunks of a response. */
    private static final int CHUNK_BYTES = 48 * 1024;

    /**
     * @throws IllegalStateException if the body is no opened object
     * @throws org.ccmessaging.filestream.failure.ReadBrokenException if nothing names the version of the object
     */
    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof StoredObject object)) {
            throw new IllegalStateException("step give-stream got no opened file. Call a route read-… before it");
        }
        object.giveAway(exchange);
        exchange.getMessage().setBody(new Content(object));
    }

    /** The bytes of an object. Another system reads them once, from front to back. */
    private static final class Content extends InputStream {

        private final StoredObject object;
        private final byte[] chunk = new byte[CHUNK_BYTES];
        private int next;
        private int end;

        Content(StoredObject object) {
            this.object = object;
        }

        @Override
        public int read() {
            return isAtEnd() ? -1 : chunk[next++] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int most) {
            Objects.checkFromIndexSize(from, most, buffer.length);
            if (most == 0) {
                return 0;
            }
            if (isAtEnd()) {
                return -1;
            }
            int count = Math.min(most, end - next);
            System.arraycopy(chunk, next, buffer, from, count);
            next += count;
            return count;
        }

        private boolean isAtEnd() {
            if (next == end) {
                next = 0;
                end = object.fill(chunk);
            }
            return end == 0;
        }

        @Override
        public void close() {
            object.close();
        }
    }
}
