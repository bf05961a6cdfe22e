package org.ccmessaging.filestream.storage;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
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
@RouteStep(description = "Creates the opened file from the stream or the bytes that a component left in the body."
        + " Fails with 13.",
        needs = "location", leaves = "file")
public class TakeStream implements Processor {

    private final long mostBytes;

    TakeStream(DownloadSettings settings) {
        this.mostBytes = settings.maxFileSize().toBytes();
    }

    @Override
    public void process(Exchange exchange) {
        // Bytes and texts need it as well: they may be those of any customer.
        ObjectLocation location = ConfinedLocation.require(exchange);
        Object body = exchange.getMessage().getBody();
        if (body instanceof StreamResponse response && response.takeFor(location)) {
            new StoredObject(response.content(), response.length(), mostBytes, response).attachTo(exchange);
        } else if (body instanceof byte[] || body instanceof String) {
            byte[] bytes = body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) body;
            new StoredObject(new ByteArrayInputStream(bytes), bytes.length, mostBytes, () -> { }).attachTo(exchange);
        } else {
            throw new FileServiceRefusedException("step take-stream got no response of step request-stream and no"
                    + " bytes, but " + StoredObject.nameOf(body));
        }
    }
}
