package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.response.ReadFirstChunk.StartedObject;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code encode-stream}: marks a started object. The service encodes such an object while sending the response. A
 * data format cannot do this, because a data format finishes before the next step runs (decision 0006).
 */
@RouteStep(needs = "file")
public class EncodeStream implements Processor {

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setBody(((StartedObject) message.getBody()).encode());
    }
}
