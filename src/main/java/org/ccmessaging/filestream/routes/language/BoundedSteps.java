package org.ccmessaging.filestream.routes.language;

import static java.util.Objects.requireNonNullElse;

import java.io.InputStream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.NamedNode;
import org.apache.camel.Ordered;
import org.apache.camel.Processor;
import org.apache.camel.model.ConvertBodyDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.model.SetVariablesDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.model.dataformat.JsonDataFormat;
import org.apache.camel.processor.Delayer;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.ConnectorStream;
import org.ccmessaging.filestream.toolkit.ExchangeBudget;
import org.springframework.stereotype.Component;

/**
 * Ends requests whose routes exceed their {@link ExchangeBudget}, before each step and in steps that wait or read.
 * Marks the stream that a step of a connector leaves in the body, so that it differs from all other streams. The steps
 * of the frame need neither.
 */
@Component
class BoundedSteps implements InterceptStrategy, Ordered {

    /** The frame is a resource of the jar, and the routes of authors are files. */
    private static final String OF_FRAME = "classpath:";

    /** Bytes of a variable or header besides its text, for each that a step sets. */
    private static final int VALUE = 128;

    private final long timeoutMillis;

    BoundedSteps(RoutesSettings settings) {
        this.timeoutMillis = settings.timeout().toMillis();
    }

    /** Wraps each step first, because a delay cannot be seen in what another interceptor has wrapped. */
    @Override
    public int getOrder() {
        return LOWEST;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        if (String.valueOf(step.getLocation()).startsWith(OF_FRAME)) {
            return target;
        }
        String route = String.valueOf(CamelContextHelper.getRouteId(step));
        String place = "step " + step.getId() + " of route " + route;
        boolean passes = step instanceof ProcessDefinition
                || step instanceof ToDefinition to && !to.getUri().startsWith("direct");
        int logged = step instanceof LogDefinition log ? log.getMessage().length() : 0;
        boolean connector = step instanceof ToDefinition to
                && RouteLanguage.isOfConnector(context.resolvePropertyPlaceholders(to.getUri()));
        // JSON counts while it is written (CountedJson).
        MarshalDefinition marshal = step instanceof MarshalDefinition its
                && !(its.getDataFormatType() instanceof JsonDataFormat) ? its : null;
        boolean converts = step instanceof ConvertBodyDefinition;
        int values = VALUE * (step instanceof SetVariablesDefinition its ? its.getVariables().size()
                : step instanceof SetHeadersDefinition its ? its.getHeaders().size() : 1);
        UnmarshalDefinition unmarshal = step instanceof UnmarshalDefinition its ? its : null;
        Expression delay = target instanceof Delayer delayer ? delayer.getDelay() : null;
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                ExchangeBudget budget = ExchangeBudget.of(exchange);
                Object before = exchange.getMessage().getBody();
                try {
                    budget.step(exchange, timeoutMillis, place, passes);
                    budget.hold(values);
                    budget.count(logged);
                    if (unmarshal != null) {
                        budget.count(value(exchange, unmarshal.getVariableSend()));
                    } else if (delay != null) {
                        // Nobody would interrupt the thread in which Camel waits, until the end of the delay.
                        budget.delay(requireNonNullElse(delay.evaluate(exchange, Long.class), 0L));
                    }
                } catch (RuntimeException refusal) {
                    exchange.setException(refusal);
                    callback.done(true);
                    return true;
                }
                return super.process(exchange, marshal == null && !connector && !converts ? callback : sync -> {
                    if (connector && exchange.getMessage().getBody() instanceof InputStream left && left != before) {
                        exchange.getMessage().setBody(new ConnectorStream(left));
                    }
                    try {
                        if (marshal != null) {
                            budget.count(value(exchange, marshal.getVariableReceive()));
                        } else if (converts && exchange.getMessage().getBody() instanceof String text
                                && text != before) {
                            budget.hold(ExchangeBudget.size(text));
                        }
                    } catch (RuntimeException refusal) {
                        exchange.setException(refusal);
                    }
                    callback.done(sync);
                });
            }
        };
    }

    private static Object value(Exchange exchange, String variable) {
        return variable == null ? exchange.getMessage().getBody() : exchange.getVariable(variable);
    }
}
