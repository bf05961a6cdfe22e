package org.ccmessaging.filestream.response;

import java.util.Arrays;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.springframework.stereotype.Component;

/**
 * Step {@code read-first-chunk}: reads before the first response byte goes out, so that an object that cannot be read
 * is still an exact code. A file up to {@code filestream.download.buffer-limit} is read whole: the body is then its
 * bytes and variable {@code inMemory} is true. Of a larger one only the first chunk is read.
 */
@Component("readFirstChunk")
public class ReadFirstChunk implements Processor {

    private final long bufferLimit;

    ReadFirstChunk(DownloadSettings settings) {
        this.bufferLimit = settings.bufferLimit().toBytes();
    }

    /**
     * @throws EmptyFileException where the object has no bytes
     * @throws org.ccmessaging.filestream.failure.ReadBrokenException where the read breaks
     */
    @Override
    public void process(Exchange exchange) {
        StoredObject object = exchange.getMessage().getBody(StoredObject.class);
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
        exchange.setVariable("inMemory", inMemory);
        exchange.getMessage().setBody(inMemory ? read : new StartedObject(object, read));
    }

    /**
     * An object whose first chunk was read.
     *
     * @param object positioned behind the chunk; it may have ended there
     * @param firstChunk {@link Base64Envelope#CHUNK_BYTES} long, or as long as the object
     */
    record StartedObject(StoredObject object, byte[] firstChunk) {
    }
}
