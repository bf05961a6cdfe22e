package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.response.ReadFirstChunk.StartedObject;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code encode-stream}: marks the {@link StartedObject} as encoded. The service encodes the object later, while
 * it sends the response. A data format would have to finish before the next step runs (decision 0006).
 */
@RouteStep(needs = "file")
public class EncodeStream implements Processor {

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setBody(((StartedObject) message.getBody()).encode());
    }
}
