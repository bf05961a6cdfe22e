package org.ccmessaging.filestream.storage;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.util.IOHelper;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.ConnectorStream;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code take-stream}: makes the opened object from the response to step {@code request-stream}, or from the
 * stream of a connector. It refuses anything that a route can make or Camel would have to open, such as a text, a file
 * or an address. Reads of the object have the limits of all files: size, first byte, stall.
 */
@RouteStep(description = "Creates the opened file from the response to request-stream, or from the stream that a"
        + " connector left in the body. Fails with 13.",
        needs = {"location", "stream"}, leaves = "file", takes = "stream")
public record TakeStream(DownloadSettings settings) implements Processor {

    @Override
    public void process(Exchange exchange) {
        ObjectLocation location = ConfinedLocation.require(exchange);
        Object body = exchange.getMessage().getBody();
        StreamResponse response = body instanceof ConnectorStream stream
                ? new StreamResponse(() -> IOHelper.close(stream), stream, StoredObject.UNKNOWN_LENGTH, null, location,
                settings)
                : body instanceof StreamResponse requested ? requested : null;
        StoredObject file = response == null ? null : response.takeFor(location);
        if (file == null) {
            throw new FileServiceRefusedException("step take-stream got no response of step request-stream and no"
                    + " stream of a connector, but "
                    + (body == null ? "an empty body" : "a " + body.getClass().getSimpleName()));
        }
        file.attachTo(exchange);
    }
}
