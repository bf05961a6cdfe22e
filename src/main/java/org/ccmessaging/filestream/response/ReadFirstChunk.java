package org.ccmessaging.filestream.response;

import java.util.Arrays;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * Step {@code read-first-chunk}: starts to read the file before the response starts, so that an unreadable file still
 * gets an exact code (decision 0001). If the step has read the complete file, and the file is not larger than
 * {@code buffer-limit}, the bytes become the body, and variable {@code inMemory} becomes true. Otherwise, a
 * {@link StartedObject} becomes the body, and the variable becomes false.
 */
@RouteStep(needs = "file")
public record ReadFirstChunk(DownloadSettings settings, FailureOutcome failures) implements Processor {

    private static final String FILE = ReadFirstChunk.class.getName() + ".file";

    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof StoredObject object)) {
            throw new IllegalStateException("step read-first-chunk got no opened file");
        }
        object.requireWhole(exchange);
        // An edited route may have set resultDesc, but a response with a file has no resultDesc.
        exchange.getMessage().removeHeader(Headers.RESULT_DESC);
        if (settings.fileUrlOnlyAbove() != null && object.length() > settings.fileUrlOnlyAbove().toBytes()) {
            Secret link = new FileLinks(settings).to(object, exchange);
            if (link != null) {
                // An open object would occupy a connection to the store while a slow client receives the response.
                object.close();
                exchange.setVariable(Variables.IN_MEMORY, false);
                exchange.getMessage().setBody(new StartedObject(exchange, false, success ->
                        new MadeResponse.CompleteBody(success, Base64Envelope.rest("{", link, success))));
                return;
            }
        }
        long bufferLimit = settings.bufferLimit().toBytes();
        boolean small = object.length() != StoredObject.UNKNOWN_LENGTH
                && object.length() <= Math.max(bufferLimit, Base64Envelope.CHUNK_BYTES);
        byte[] chunk = new byte[small ? (int) object.length() : Base64Envelope.CHUNK_BYTES];
        int count = object.fill(chunk);
        object.requireRead(count);
        if (count == 0) {
            throw new EmptyFileException("the object has no bytes");
        }
        Secret link = new FileLinks(settings).to(object, exchange);
        byte[] read = count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
        boolean inMemory = object.ended() && count <= bufferLimit;
        exchange.setVariable(Variables.IN_MEMORY, inMemory);
        exchange.setProperty(FILE, inMemory ? new FileInMemory(exchange, read, link) : null);
        exchange.getMessage().setBody(inMemory ? read : new StartedObject(exchange, false, object.ended()
                ? success -> Base64Envelope.complete(Base64Encoder.encoded(read), link, success)
                : success -> new Base64Envelope(object, read, link, success,
                        exchange.getVariable(Variables.BRANCH, String.class), failures)));
    }

    /**
     * Returns the response body. Returns {@code null} unless the message body is this exchange's complete file, encoded
     * or as a link.
     */
    static MadeResponse.WritableBody responseOf(Exchange exchange, Outcome success) {
        Message message = exchange.getMessage();
        if (message.getBody() instanceof StartedObject started) {
            return started.isEncoded && started.exchange == exchange ? started.bodies.apply(success) : null;
        }
        if (exchange.getProperty(FILE) instanceof FileInMemory file && file.exchange == exchange) {
            byte[] base64 = message.getBody(byte[].class);
            return base64 != null && new Base64Encoder().isEncoded(file.bytes, base64)
                    ? Base64Envelope.complete(base64, file.link, success) : null;
        }
        return null;
    }

    private record FileInMemory(Exchange exchange, byte[] bytes, Secret link) {
    }

    /** A file whose response can start. Step {@code encode-stream} sets {@code isEncoded}. */
    record StartedObject(Exchange exchange, boolean isEncoded, Function<Outcome, MadeResponse.WritableBody> bodies) {

        StartedObject encode() {
            return new StartedObject(exchange, true, bodies);
        }
    }
}
