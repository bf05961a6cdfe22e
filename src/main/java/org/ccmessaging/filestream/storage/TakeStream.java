package org.ccmessaging.filestream.storage;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.hc.core5.http.io.EofSensorInputStream;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.FileServiceFailedException;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.Steps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Step {@code take-stream}: makes the opened object from the body that any component left, an {@link InputStream},
 * bytes, or what Camel converts to a stream. Reads of it have the limits of all files: their size, the first byte, a
 * stall. What the body of an HTTP response announces must come.
 */
@Component(Steps.TAKE_STREAM)
public class TakeStream implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(TakeStream.class);

    private static final int OK = 200;
    private static final String LENGTH = "Content-Length";
    private static final Pattern LENGTHS = Pattern.compile("\\d{1,18}");
    private static final String TRANSFER = "Transfer-Encoding";
    private static final String CODING = "Content-Encoding";
    private static final String ETAG = "ETag";

    private final DownloadSettings settings;

    TakeStream(DownloadSettings settings) {
        this.settings = settings;
    }

    /**
     * @throws org.ccmessaging.filestream.failure.UnauthorizedException if the exchange has no verified customer, or
     *     step {@code resolve-key} made no location for it: what the route has read may be any customer's
     * @throws ObjectNotFoundException if the body is that of an HTTP response with status 404 or 410
     * @throws FileServiceRefusedException if it is that of another one but 200, the file is too large, or there is none
     * @throws ReadBrokenException if nothing in an HTTP response would show that the file ended early
     */
    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Object body = message.getBody();
        Stream stream = new Stream(body instanceof byte[] bytes ? new ByteArrayInputStream(bytes)
                : message.getBody(InputStream.class));
        try {
            ConfinedLocation.require(exchange);
            if (stream.content() == null) {
                throw new FileServiceRefusedException("step take-stream got no stream but "
                        + (body == null ? "an empty body" : "a " + body.getClass().getSimpleName()));
            }
            requireComplete(message);
            long length = body instanceof byte[] bytes ? bytes.length : announced(message);
            message.removeHeaders("CamelHttp*");
            message.removeHeader(LENGTH);
            stream.version = strong(message.getHeader(ETAG, String.class));
            message.removeHeader(ETAG);
            new StoredObject(stream, length, settings.maxFileSize().toBytes(), stream).attachTo(exchange);
        } catch (RuntimeException refused) {
            stream.abort();
            throw refused;
        }
    }

    /** Refuses an HTTP response that is not the file, or whose end would not show. */
    private static void requireComplete(Message message) {
        Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (status == null) {
            return;
        }
        if (Cause.ofStatus(status) == Cause.NOT_FOUND) {
            throw new ObjectNotFoundException("the backend has no such file: HTTP " + status);
        }
        if (status != OK) {
            String response = "the backend responded with HTTP " + status;
            throw Cause.ofStatus(status) == Cause.UNREACHABLE ? new FileServiceFailedException(response)
                    : new FileServiceRefusedException(response);
        }
        String coding = message.getHeader(CODING, String.class);
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new FileServiceRefusedException("the backend sent the file in the coding " + coding);
        }
        boolean chunked = "chunked".equalsIgnoreCase(message.getHeader(TRANSFER, String.class));
        if (!chunked && announced(message) == StoredObject.UNKNOWN_LENGTH) {
            throw new ReadBrokenException("the backend announced neither a length nor chunks", null);
        }
    }

    private static long announced(Message message) {
        String length = message.getHeader(LENGTH, String.class);
        if (length == null) {
            return StoredObject.UNKNOWN_LENGTH;
        }
        if (!LENGTHS.matcher(length).matches()) {
            throw new ReadBrokenException("the backend announced a length that is no number", null);
        }
        return Long.parseLong(length);
    }

    private static String strong(String etag) {
        return etag == null || etag.startsWith("W/") ? null : etag;
    }

    /**
     * A stream with deadlines. A limit between two bytes, as sockets have it, is not enough: a backend that sends a
     * byte now and then would keep a permit for ever.
     */
    private final class Stream extends FilterInputStream implements StoredObject.Source {

        private boolean started;
        private long since = System.nanoTime();
        private Duration most = settings.firstByteTimeout();
        private String setting = "first-byte-timeout";
        private String version;

        Stream(InputStream content) {
            super(content);
        }

        InputStream content() {
            return in;
        }

        @Override
        public void nextChunk() {
            if (started) {
                most = settings.stallTimeout();
                setting = "stall-timeout";
            }
            started = true;
            since = System.nanoTime();
        }

        @Override
        public int read() throws IOException {
            requireTime();
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int from, int count) throws IOException {
            requireTime();
            return super.read(buffer, from, count);
        }

        private void requireTime() throws IOException {
            if (System.nanoTime() - since > most.toNanos()) {
                throw new IOException("the stream took longer than filestream.download." + setting + " allows");
            }
        }

        /** The stream of a connection would read the rest of the file, however long. */
        @Override
        public void abort() {
            try {
                if (in instanceof EofSensorInputStream connection) {
                    connection.abort();
                } else if (in != null) {
                    in.close();
                }
            } catch (IOException | RuntimeException unclosable) {
                LOG.debug("A stream could not be closed: {}", unclosable.toString());
            }
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public void requireUnchanged() {
            // A response is of one version.
        }
    }
}
