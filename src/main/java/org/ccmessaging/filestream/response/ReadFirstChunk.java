package org.ccmessaging.filestream.response;

import java.util.Arrays;
import java.util.function.BiFunction;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * Step {@code read-first-chunk}: reads before the first response byte leaves, so that an object that the service cannot
 * read still gets an exact code (decision 0001). It reads a file of up to {@code filestream.download.buffer-limit}
 * completely: the body is then its bytes, and variable {@code inMemory} is true. Of a larger file it reads the first
 * chunk, and nothing of a file whose response has only the link: the body is then a {@link StartedObject}.
 */
@RouteStep(description = "Reads the first chunk before the response starts, so that an unreadable or empty file"
        + " still gets an exact code. Fails with 13.",
        needs = "file", leaves = "first chunk")
public class ReadFirstChunk implements Processor {

    private static final String FILE = ReadFirstChunk.class.getName() + ".file";

    private final DownloadSettings settings;
    private final FileLinks links;

    ReadFirstChunk(DownloadSettings settings) {
        this.settings = settings;
        this.links = new FileLinks(settings);
    }

    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof StoredObject object)) {
            throw new IllegalStateException("step read-first-chunk got no opened file");
        }
        object.requireWhole(exchange);
        if (settings.fileUrlOnlyAbove() != null && object.length() > settings.fileUrlOnlyAbove().toBytes()) {
            Secret link = links.to(object, exchange);
            if (link != null) {
                // Now, since a slow client would keep the connection to the store.
                object.close();
                exchange.setVariable(Variables.IN_MEMORY, false);
                exchange.getMessage().setBody(new StartedObject(object, (served, success) ->
                        new MadeResponse.InMemory(success, Base64Envelope.rest("{", link, success))));
                return;
            }
        }
        long bufferLimit = settings.bufferLimit().toBytes();
        boolean small = object.length() != StoredObject.UNKNOWN_LENGTH
                && object.length() <= Math.max(bufferLimit, Base64Envelope.CHUNK_BYTES);
        byte[] chunk = new byte[small ? (int) object.length() : Base64Envelope.CHUNK_BYTES];
        int count = object.fill(chunk);
        if (count == 0) {
            throw new EmptyFileException("the object has no bytes");
        }
        Secret link = links.to(object, exchange);
        byte[] read = count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
        boolean inMemory = object.ended() && count <= bufferLimit;
        exchange.setVariable(Variables.IN_MEMORY, inMemory);
        // A copy, because a route may keep the body and write to it.
        exchange.setProperty(FILE, inMemory ? new InMemory(exchange, read.clone(), link) : null);
        exchange.getMessage().setBody(inMemory ? read : new StartedObject(object, (served, success) ->
                new Base64Envelope(object, read, link, success, served.getVariable(Variables.BRANCH, String.class),
                        FailureOutcome.in(served.getContext()))));
    }

    /**
     * Returns the parts of the response with the file that this step has read into memory for this exchange, in arrays
     * that no route has; {@code null} if steps in between have changed the Base64 that the route has.
     */
    static byte[][] responseOf(Exchange exchange, byte[] base64, Outcome success) {
        if (!(exchange.getProperty(FILE) instanceof InMemory inMemory) || inMemory.exchange() != exchange) {
            return null;
        }
        byte[] file = inMemory.file();
        byte[] expected = new byte[Base64Encoder.encodedLength(file.length)];
        Base64Encoder.fastest().encode(file, file.length, expected, 0);
        return Arrays.equals(expected, base64) ? Base64Envelope.parts(expected, inMemory.link(), success) : null;
    }

    private record InMemory(Exchange exchange, byte[] file, Secret link) {
    }

    /**
     * An object whose response can start.
     *
     * @param body makes the body of the response on success
     */
    record StartedObject(StoredObject object, BiFunction<Exchange, Outcome, StreamingBody> body) {
    }
}
