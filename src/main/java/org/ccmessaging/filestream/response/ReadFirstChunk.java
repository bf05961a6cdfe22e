package org.ccmessaging.filestream.response;

import java.util.Arrays;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.stereotype.Component;

/**
 * Step {@code read-first-chunk}: reads before the first response byte leaves, so that an object that the service cannot
 * read still gets an exact code (decision 0001). It reads all of a file up to {@code filestream.download.buffer-limit}:
 * the body is then the bytes, and variable {@code inMemory} is true. Of a larger file it reads the first chunk: the
 * body is then a {@link StartedObject}.
 */
@Component(Steps.READ_FIRST_CHUNK)
public class ReadFirstChunk implements Processor {

    private final long bufferLimit;

    ReadFirstChunk(DownloadSettings settings) {
        this.bufferLimit = settings.bufferLimit().toBytes();
    }

    /**
     * @throws EmptyFileException if the object has no bytes
     * @throws org.ccmessaging.filestream.failure.ReadBrokenException if the read breaks
     * @throws org.ccmessaging.filestream.failure.FileServiceRefusedException if the object turns out too large
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
        exchange.setVariable(Variables.IN_MEMORY, inMemory);
        exchange.getMessage().setBody(inMemory ? read : new StartedObject(object, read));
    }

    /**
     * An object with its first chunk.
     *
     * @param object positioned behind the chunk, where it may have ended
     * @param firstChunk {@link Base64Envelope#CHUNK_BYTES} long, or as long as the object
     */
    record StartedObject(StoredObject object, byte[] firstChunk) {
    }
}
