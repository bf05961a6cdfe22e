package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.response.ReadFirstChunk.StartedObject;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code encode-stream}: lets step {@code respond} encode a started object while the service sends it. A data
 * format cannot stream, because it finishes its output before the next step runs (decision 0006).
 */
@RouteStep(description = "Encodes Base64 while the service sends it. A broken read ends the response with its code.",
        needs = "file")
public class EncodeStream implements Processor {

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setBody(((StartedObject) message.getBody()).encode());
    }
}
