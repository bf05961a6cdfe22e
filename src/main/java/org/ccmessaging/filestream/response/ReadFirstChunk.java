package org.ccmessaging.filestream.response;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;

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

    private static final String FILE = ReadFirstChunk.class.getName() + ".file";

    private final DownloadSettings settings;

    ReadFirstChunk(DownloadSettings settings) {
        this.settings = settings;
    }

    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof StoredObject object)) {
            throw new IllegalStateException("step read-first-chunk got no opened file");
        }
        object.requireWhole(exchange);
        Secret link = link(object, exchange);
        if (link != null && settings.fileUrlOnlyAbove() != null
                && object.length() > settings.fileUrlOnlyAbove().toBytes()) {
            exchange.setVariable(Variables.IN_MEMORY, false);
            exchange.getMessage().setBody(new StartedObject(object, null, link));
            return;
        }
        long bufferLimit = settings.bufferLimit().toBytes();
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

    /** Returns the link to a file (contract section 9); {@code null} if the settings or its storage have none. */
    private Secret link(StoredObject object, Exchange exchange) {
        if (settings.fileUrl() == DownloadSettings.FileUrl.OFF) {
            return null;
        }
        DownloadRequest request = exchange.getVariable(Variables.REQUEST, DownloadRequest.class);
        String name = request.fileId().substring(request.fileId().lastIndexOf('/') + 1);
        return object.link(settings.fileUrlLifetime(), contentType(request.fileType().toLowerCase(Locale.ROOT)),
                ContentDisposition.inline().filename(name, StandardCharsets.UTF_8).build().toString());
    }

    /** Returns a type that a browser shows without running it. It saves a file of any other type. */
    private String contentType(String fileType) {
        MediaType type = MediaTypeFactory.getMediaType("file." + settings.fileTypeAliases()
                .getOrDefault(fileType, fileType)).orElse(MediaType.APPLICATION_OCTET_STREAM);
        boolean shown = type.getType().matches("image|audio|video") && !type.getSubtype().startsWith("svg")
                || type.equals(MediaType.APPLICATION_PDF) || type.equals(MediaType.TEXT_PLAIN);
        return (shown ? type : MediaType.APPLICATION_OCTET_STREAM).toString();
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
     * An object with its first chunk.
     *
     * @param object positioned after the chunk, where it may have ended
     * @param firstChunk {@link Base64Envelope#CHUNK_BYTES} long, or as long as the object; {@code null} if the response
     *     has the link alone
     */
    record StartedObject(StoredObject object, byte[] firstChunk, Secret link) {
    }
}
