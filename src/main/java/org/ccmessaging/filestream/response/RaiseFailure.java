package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Step {@code raise-failure}: throws the exception in the body for the {@code onException} clauses. */
@RouteStep
public class RaiseFailure implements Processor {

    @Override
    public void process(Exchange exchange) throws Exception {
        Exception failure = (Exception) exchange.getMessage().getBody();
        exchange.getMessage().setBody(null);
        throw failure;
    }
}
