package org.ccmessaging.filestream.routes.sandbox;

import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.stereotype.Component;

/**
 * Ends a request whose routes do not end by themselves: that call each other without end, or take longer than
 * {@code filestream.routes.timeout}. No step starts after that.
 */
@Component
class BoundedSteps implements InterceptStrategy {

    /** Calls from route to route; the shipped routes need three. */
    private static final int DEEPEST = 32;

    /** How long the clause of the failure may take, in milliseconds. */
    private static final long CLAUSE_MILLIS = 5_000;

    private static final String ENDED = BoundedSteps.class.getName() + ".ended";

    private final Duration timeout;

    BoundedSteps(RoutesSettings settings) {
        this.timeout = settings.timeout();
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                String refusal = refusal(exchange);
                if (refusal == null) {
                    return super.process(exchange, callback);
                }
                exchange.setException(new IllegalStateException(refusal + ", before step " + step.getId()));
                callback.done(true);
                return true;
            }
        };
    }

    private String refusal(Exchange exchange) {
        UnitOfWork request = exchange.getUnitOfWork();
        int depth = request == null ? 0 : request.routeStackLevel();
        long elapsed = exchange.getClock().elapsed();
        if (depth <= DEEPEST && elapsed <= timeout.toMillis()) {
            return null;
        }
        // The steps of the clause that makes the response may still run, where the failure was and for a short time.
        boolean ended = exchange.getProperty(ENDED) != null;
        exchange.setProperty(ENDED, true);
        if (ended && depth <= DEEPEST + 1 && elapsed <= timeout.toMillis() + CLAUSE_MILLIS) {
            return null;
        }
        return depth > DEEPEST ? "routes call each other more than " + DEEPEST + " deep"
                : "the routes took longer than filestream.routes.timeout allows";
    }
}
