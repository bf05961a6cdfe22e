package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.util.IOHelper;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.EofSensorInputStream;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code take-stream}: makes a {@link StoredObject} from the stream that a component, such as {@code http} with
 * {@code disableStreamCache}, left as the body. If neither header {@code Content-Length} nor {@code CamelFileLength}
 * is set, the stream itself must fail if bytes are missing, as a chunked response does.
 *
 * <p>The step removes all message headers. So no header of the file server becomes a header of the response.
 */
@RouteStep(needs = "location", leaves = "file")
public record TakeStream(DownloadSettings settings) implements Processor {

    @Override
    public void process(Exchange exchange) {
        ObjectLocation location = ConfinedLocation.require(exchange);
        Message message = exchange.getMessage();
        InputStream content = message.getBody(InputStream.class);
        if (content == null) {
            throw new FileServiceRefusedException("step take-stream got no stream for " + location + ", but "
                    + (message.getBody() == null ? "an empty body"
                    : "a " + message.getBody().getClass().getSimpleName()));
        }
        Taken taken = new Taken(content, settings);
        StoredObject.whenDone(exchange, taken::abort);
        long length = length(message);
        message.removeHeaders("*");
        new StoredObject(taken, length, settings.maxFileSize().toBytes(), taken).attachTo(exchange);
    }

    /**
     * Returns the announced length or {@code UNKNOWN_LENGTH}. Refuses an HTTP status other than 200, an encoded file,
     * and an HTTP response whose end cannot be verified.
     */
    private static long length(Message message) {
        Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (status != null && status != HttpStatus.SC_OK) {
            throw new FileServiceRefusedException("the file server responded with HTTP " + status);
        }
        String coding = message.getHeader(HttpHeaders.CONTENT_ENCODING, "identity", String.class);
        if (!coding.equalsIgnoreCase("identity")) {
            throw new FileServiceRefusedException("the file server sent the file in the coding " + coding);
        }
        Object length = message.getHeader(HttpHeaders.CONTENT_LENGTH, message.getHeader(Exchange.FILE_LENGTH));
        if (length == null) {
            if (status != null && message.getHeader(HttpHeaders.TRANSFER_ENCODING) == null) {
                throw new ReadBrokenException("the file server announced neither a length nor chunks");
            }
            return StoredObject.UNKNOWN_LENGTH;
        }
        if (!length.toString().matches("\\d{1,18}")) {
            throw new ReadBrokenException("the announced length is " + length);
        }
        return Long.parseLong(length.toString());
    }

    /**
     * Checks the deadline of a chunk before each read. Otherwise a server that sends single bytes could hold the permit
     * of a download forever.
     */
    private static final class Taken extends ProxyInputStream implements StoredObject.Source {

        private final DownloadSettings settings;
        private String setting;
        private long deadline;

        Taken(InputStream content, DownloadSettings settings) {
            super(content);
            this.settings = settings;
        }

        @Override
        public void nextChunk(boolean first) {
            setting = first ? "first-byte-timeout" : "stall-timeout";
            deadline = System.nanoTime()
                    + (first ? settings.firstByteTimeout() : settings.stallTimeout()).toNanos();
        }

        @Override
        protected void beforeRead(int most) throws IOException {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the stream took longer than filestream.download." + setting + " allows");
            }
        }

        @Override
        public void abort() {
            if (in instanceof EofSensorInputStream response) {
                try {
                    // close() would read the response to the end.
                    response.abort();
                } catch (IOException closed) {
                    // The connection has ended already.
                }
            } else {
                IOHelper.close(in);
            }
        }
    }
}
