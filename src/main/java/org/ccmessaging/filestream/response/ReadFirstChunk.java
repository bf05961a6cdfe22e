package org.ccmessaging.filestream.response;

import java.util.Arrays;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.Headers;
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
        frame = true)
public record ReadFirstChunk(DownloadSettings settings) implements Processor {

    private static final String FILE = ReadFirstChunk.class.getName() + ".file";

    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof StoredObject object)) {
            throw new IllegalStateException("step read-first-chunk got no opened file");
        }
        object.requireWhole(exchange);
        // What the routes of authors left there is of no file.
        exchange.getMessage().removeHeader(Headers.RESULT_DESC);
        if (settings.fileUrlOnlyAbove() != null && object.length() > settings.fileUrlOnlyAbove().toBytes()) {
            Secret link = new FileLinks(settings).to(object, exchange);
            if (link != null) {
                // Now, since a slow client would keep the connection to the store.
                object.close();
                exchange.setVariable(Variables.IN_MEMORY, false);
                exchange.getMessage().setBody((StartedObject) success ->
                        new MadeResponse.InMemory(success, Base64Envelope.rest("{", link, success)));
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
        Secret link = new FileLinks(settings).to(object, exchange);
        byte[] read = count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
        boolean inMemory = object.ended() && count <= bufferLimit;
        exchange.setVariable(Variables.IN_MEMORY, inMemory);
        exchange.setProperty(FILE, inMemory ? new InMemory(link, caught(exchange)) : null);
        exchange.getMessage().setBody(inMemory ? read : (StartedObject) success ->
                new Base64Envelope(object, read, link, success, exchange.getVariable(Variables.BRANCH, String.class),
                        FailureOutcome.in(exchange.getContext())));
    }

    /**
     * Returns the body of the response with the file that this step has read into memory; {@code null} if there is
     * none, or if a step has failed since, because the body of a clause is no file.
     */
    static MadeResponse.Body responseOf(Exchange exchange, byte[] base64, Outcome success) {
        return exchange.getProperty(FILE) instanceof InMemory file && file.caught() == caught(exchange)
                ? new MadeResponse.InMemory(success, Base64Envelope.parts(base64, file.link(), success)) : null;
    }

    private static Object caught(Exchange exchange) {
        return exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
    }

    /** @param caught the failure from which the routes had recovered, if there was one */
    private record InMemory(Secret link, Object caught) {
    }

    /** An object whose response can start. */
    interface StartedObject {
        MadeResponse.Body body(Outcome success);
    }
}
