package org.ccmessaging.filestream.storage;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code take-stream}: makes the opened object from the response to step {@code request-stream}, or from bytes or
 * a text in the body. It refuses a body that Camel would have to open, such as a file, an address or a stream. Reads of
 * the object have the limits of all files: size, first byte, stall.
 */
@RouteStep(description = "Makes the opened file from the stream or the bytes in the body, whichever component left"
        + " them. Fails with 13.",
        needs = "location", leaves = "file")
public class TakeStream implements Processor {

    private final DownloadSettings settings;

    TakeStream(DownloadSettings settings) {
        this.settings = settings;
    }

    /**
     * @throws org.ccmessaging.filestream.failure.UnauthorizedException if the exchange has no verified customer, or
     *     step {@code resolve-key} made no location for it: the bytes may be those of any customer
     * @throws FileServiceRefusedException if the body is anything else, the response for another location, or a
     *     response that a step has taken before, or if the file is too large
     */
    @Override
    public void process(Exchange exchange) {
        ObjectLocation location = ConfinedLocation.require(exchange).location();
        Object body = exchange.getMessage().getBody();
        if (body instanceof StreamResponse response && response.takeFor(location)) {
            attach(exchange, new Stream(response.content(), response::abort, response.version()), response.length());
        } else if (body instanceof byte[] || body instanceof String) {
            byte[] bytes = body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) body;
            attach(exchange, new Stream(new ByteArrayInputStream(bytes), () -> { }, null), bytes.length);
        } else {
            throw new FileServiceRefusedException("step take-stream got no response of step request-stream and no"
                    + " bytes, but " + StoredObject.nameOf(body));
        }
    }

    private void attach(Exchange exchange, Stream stream, long length) {
        new StoredObject(stream, length, settings.maxFileSize().toBytes(), stream).attachTo(exchange);
    }

    /**
     * A stream with deadlines. The read timeout of sockets is not enough: a backend that sends single bytes would keep
     * a permit for ever.
     */
    private final class Stream extends FilterInputStream implements StoredObject.Source {

        private final Runnable abort;
        private final String version;
        private boolean started;
        private long since = System.nanoTime();
        private Duration most = settings.firstByteTimeout();
        private String setting = "first-byte-timeout";

        Stream(InputStream content, Runnable abort, String version) {
            super(content);
            this.abort = abort;
            this.version = version;
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

        @Override
        public void abort() {
            abort.run();
        }

        @Override
        public String version() {
            return version;
        }
    }
}
