package org.ccmessaging.filestream.response;

import java.util.Arrays;
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
 * chunk: the body is then a {@link StartedObject}. It reads nothing of a file whose response has the link alone.
 */
@RouteStep(description = "Reads the first chunk before the response starts, so that an unreadable or empty file"
        + " still gets an exact code. Fails with 13.",
        needs = "file", leaves = "first chunk")
public class ReadFirstChunk implements Processor {

    /** Exchange property: the {@link InMemory} file. */
    private static final String FILE = ReadFirstChunk.class.getName() + ".file";

    private final long bufferLimit;
    private final FileUrl fileUrl;

    ReadFirstChunk(DownloadSettings settings) {
        this.bufferLimit = settings.bufferLimit().toBytes();
        this.fileUrl = new FileUrl(settings);
    }

    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof StoredObject object)) {
            throw new IllegalStateException("step read-first-chunk got no opened file");
        }
        object.requireWhole(exchange);
        Secret link = fileUrl.of(object, exchange);
        if (link != null && fileUrl.isAlone(object)) {
            exchange.setVariable(Variables.IN_MEMORY, false);
            exchange.getMessage().setBody(new StartedObject(object, null, link));
            return;
        }
        boolean known = object.length() != StoredObject.UNKNOWN_LENGTH;
        boolean small = known && object.length() <= bufferLimit;
        long wanted = small ? object.length() : Base64Envelope.CHUNK_BYTES;
        byte[] chunk = new byte[(int) (known ? Math.min(wanted, object.length()) : wanted)];
        int count = object.fill(chunk);
        if (count == 0) {
            throw new EmptyFileException("the object has no bytes");
        }
        byte[] read = count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
        boolean inMemory = object.ended() && count <= bufferLimit;
        exchange.setVariable(Variables.IN_MEMORY, inMemory);
        // A copy, because a route may keep the body and write to it.
        exchange.setProperty(FILE, inMemory ? new InMemory(exchange, read.clone(), link) : null);
        exchange.getMessage().setBody(inMemory ? read : new StartedObject(object, read, link));
    }

    /**
     * Returns the parts of the response with the complete file that this step has read into memory for this exchange.
     * Steps in between may have changed or replaced the bytes that the route has.
     *
     * @param base64 the bytes of the route
     * @return arrays that no route has; {@code null} if the route has other bytes
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
     * An object with its first chunk.
     *
     * @param object positioned after the chunk, where it may have ended
     * @param firstChunk {@link Base64Envelope#CHUNK_BYTES} long, or as long as the object; {@code null} if the response
     *     has the link alone
     * @param link the link to the object; {@code null} if it has none
     */
    record StartedObject(StoredObject object, byte[] firstChunk, Secret link) {
    }
}
