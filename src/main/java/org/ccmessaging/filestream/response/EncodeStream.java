package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.response.ReadFirstChunk.StartedObject;
import org.ccmessaging.filestream.toolkit.RouteStep;

/**
 * Step {@code encode-stream}: marks the {@link StartedObject} as encoded. The service encodes a large file only while
 * sending the response.
 */
@RouteStep(needs = "file")
public class EncodeStream implements Processor {

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        message.setBody(((StartedObject) message.getBody()).encode());
    }
}
