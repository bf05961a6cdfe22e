package org.ccmessaging.filestream.storage;

import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code give-stream}: replaces the opened object by a stream of its bytes, for another system that reads the file
 * before the customer, such as a virus scanner. The exchange must open the file again for the customer. It can only
 * open the same version, so the customer gets the bytes that the scanner read.
 *
 * <p>Reads of the stream have the deadlines, the size limit and the checks of all files.
 */
@RouteStep(description = "Gives the bytes of the opened file to another system. The exchange then opens the same"
        + " version again. Fails with 13.",
        needs = "file", takes = "file")
public class GiveStream implements Processor {

    @Override
    public void process(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof StoredObject object)) {
            throw new IllegalStateException("step give-stream got no opened file. Call a route read-… before it");
        }
        object.giveAway(exchange);
        exchange.getMessage().setBody(new Content(object));
    }

    private static final class Content extends InputStream {

        private final StoredObject object;

        Content(StoredObject object) {
            this.object = object;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int most) {
            int count = object.fill(bytes, from, most);
            return count == 0 && most > 0 ? -1 : count;
        }

        @Override
        public void close() {
            object.close();
        }
    }
}
