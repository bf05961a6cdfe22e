package org.ccmessaging.filestream.observe;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Remembers the step at which an exchange failed. Camel remembers the route alone. Only the console shows it, so a
 * service without one has no such strategy.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class FailedSteps implements InterceptStrategy {

    private static final String FAILED = FailedSteps.class.getName();

    private record Failed(String step, Throwable failure) {

        /** A step that calls a route sees the failure of the called route, perhaps in another exception. */
        private boolean is(Throwable other) {
            return other == failure || other.getCause() == failure;
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    remember(exchange, step);
                    callback.done(doneSync);
                });
            }
        };
    }

    private static void remember(Exchange exchange, NamedNode step) {
        Throwable failure = exchange.getException();
        if (failure != null && (!(exchange.getProperty(FAILED) instanceof Failed inner) || !inner.is(failure))) {
            exchange.setProperty(FAILED, new Failed(step.getId(), failure));
        }
    }

    /** The ID of the step that failed with the given failure; {@code null} if no step did. */
    static String of(Exchange exchange, Throwable failure) {
        return failure != null && exchange.getProperty(FAILED) instanceof Failed failed && failed.is(failure)
                ? failed.step() : null;
    }
}
