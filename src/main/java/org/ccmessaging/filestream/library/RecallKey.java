package org.ccmessaging.filestream.library;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;

/** Step {@code recall-key}: sets variable {@code objectKey} to the key that {@link RememberKey} has cached, if any. */
@RouteStep(needs = "customer")
public record RecallKey(RememberKey remembered) implements Processor {

    @Override
    public void process(Exchange exchange) {
        exchange.setVariable(Variables.OBJECT_KEY, remembered.recall(exchange));
    }
}
