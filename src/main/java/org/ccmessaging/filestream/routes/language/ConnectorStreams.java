package org.ccmessaging.filestream.routes.language;

import java.io.InputStream;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.toolkit.ConnectorStream;
import org.springframework.stereotype.Component;

/** Marks the stream that a step of a connector leaves in the body, so that it differs from all other streams. */
@Component
public class ConnectorStreams implements InterceptStrategy {

    private static final Set<String> OF_PRODUCT = Set.copyOf(RouteLanguage.ofProduct().components().keySet());

    /** Returns whether an address is one of a component that only an installation has in its language. */
    public static boolean isOfConnector(String uri) {
        return !OF_PRODUCT.contains(uri.split(":", 2)[0]);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        if (!(step instanceof ToDefinition to) || !isOfConnector(context.resolvePropertyPlaceholders(to.getUri()))) {
            return target;
        }
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Object before = exchange.getMessage().getBody();
                return super.process(exchange, done -> {
                    if (exchange.getMessage().getBody() instanceof InputStream left && left != before) {
                        exchange.getMessage().setBody(new ConnectorStream(left));
                    }
                    callback.done(done);
                });
            }
        };
    }
}
