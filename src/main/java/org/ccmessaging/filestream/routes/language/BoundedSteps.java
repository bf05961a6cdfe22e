package org.ccmessaging.filestream.routes.language;

import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.NamedNode;
import org.apache.camel.Ordered;
import org.apache.camel.Processor;
import org.apache.camel.model.DelayDefinition;
import org.apache.camel.processor.Delayer;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.ExchangeTime;
import org.springframework.stereotype.Component;

/**
 * Aborts runaway requests: routes that call each other more than {@link #DEEPEST} deep, or that run past
 * {@code filestream.routes.timeout}. After that time no step starts, and before it no delay that would exceed it.
 */
@Component
class BoundedSteps implements InterceptStrategy, Ordered {

    /** Maximum depth of calls from route to route; the shipped routes need three. */
    private static final int DEEPEST = 32;

    /** Languages whose expressions a delay may evaluate a second time. */
    private static final Set<String> EVALUATED_TWICE = Set.of("constant", "simple");

    private final ExchangeTime time;

    BoundedSteps(RoutesSettings settings) {
        this.time = new ExchangeTime(settings.timeout());
    }

    /** Wraps each step first, because a delay cannot be seen in what another interceptor has wrapped. */
    @Override
    public int getOrder() {
        return LOWEST;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        String route = String.valueOf(CamelContextHelper.getRouteId(step));
        Expression delay = target instanceof Delayer delayer && step instanceof DelayDefinition written
                && EVALUATED_TWICE.contains(written.getExpression().getLanguage()) ? delayer.getDelay() : null;
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                String refusal = refusal(exchange);
                if (refusal == null && delay != null) {
                    refusal = refusal(exchange, delay);
                }
                if (refusal == null) {
                    return super.process(exchange, callback);
                }
                exchange.setException(new IllegalStateException(
                        refusal + ", before step " + step.getId() + " of route " + route));
                callback.done(true);
                return true;
            }
        };
    }

    /**
     * Returns why a delay must not begin; {@code null} if it ends in time. Camel waits in a thread that nobody
     * interrupts, so the exchange would stay in memory and in flight until the end of the delay.
     */
    private String refusal(Exchange exchange, Expression delay) {
        try {
            Long wait = delay.evaluate(exchange, Long.class);
            long left = time.millisLeft(exchange);
            return wait == null || wait <= left ? null : "a delay takes " + wait
                    + " ms, and filestream.routes.timeout leaves " + left + " ms";
        } catch (RuntimeException noNumber) {
            // The delay fails with the same exception.
            return null;
        }
    }

    /** Returns why no further step may run; {@code null} if one may. */
    private String refusal(Exchange exchange) {
        UnitOfWork unit = exchange.getUnitOfWork();
        int depth = unit == null ? 0 : unit.routeStackLevel();
        // The steps of the clause that makes the response may still run, one level deeper.
        int deepest = DEEPEST + (ExchangeTime.hasEnded(exchange) ? 1 : 0);
        if (depth <= deepest && time.millisLeft(exchange) >= 0) {
            return null;
        }
        ExchangeTime.end(exchange);
        return depth > DEEPEST ? "routes call each other more than " + DEEPEST + " deep" : ExchangeTime.EXCEEDED;
    }
}
