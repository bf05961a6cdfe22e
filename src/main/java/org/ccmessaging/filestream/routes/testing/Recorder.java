package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.toolkit.ConnectorStream;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.MDC;

/**
 * Records the steps and the log of the test in progress, and replaces or fails the steps that the test names. A line of
 * the log belongs to the test whose request ID it carries, since other services may log in the same process.
 */
final class Recorder extends AppenderBase<ILoggingEvent> implements InterceptStrategy {

    /**
     * A test in progress, and what it did so far.
     *
     * @param mocks what happens in place of steps, by their ids; the first one that still happens is used
     * @param catalogue returns the object key that the library's catalogue has for a tenant and an ID; {@code null}
     *     without a catalogue
     * @param watcher gets the exchange at each step
     */
    record Run(String requestId, Map<String, List<Mock>> mocks, BinaryOperator<String> catalogue, List<String> steps,
            List<ILoggingEvent> log, Consumer<Exchange> watcher) {
    }

    /** Replaces a step: leaves the body, headers and variables of the test, or throws the exception if it has one. */
    record Mock(Store.Fault fault, Class<?> exception) {

        private void run(NamedNode step, Exchange exchange) {
            Value written = fault.written();
            if (exception != null) {
                String message = written.get("message").text();
                exchange.setException(Exceptions.make(exception, message.isEmpty() ? "a test wants it so" : message));
                return;
            }
            written.get("headers").members().values()
                    .forEach(header -> exchange.getMessage().setHeader(header.name(), header.text()));
            written.get("variables").members().values()
                    .forEach(variable -> exchange.setVariable(variable.name(), variable.text()));
            Value body = written.get("body");
            if (body.isPresent()) {
                leave(step, exchange, body.isScalar() ? body.text() : body.json().toString());
            }
        }

        /** Returns whether the step may leave the stream that step take-stream takes. */
        private static boolean isStream(NamedNode step) {
            return step instanceof ToDefinition to && RouteLanguage.isOfConnector(to.getUri())
                    || step instanceof ProcessDefinition process && process.getRef().equals("requestStream");
        }

        private static void leave(NamedNode step, Exchange exchange, String result) {
            // The variable that takes the result in place of the body.
            Object variable = PluginHelper.getBeanIntrospection(exchange.getContext())
                    .getOrElseProperty(step, "variableReceive", null, false);
            if (variable == null) {
                exchange.getMessage().setBody(isStream(step) && result != null
                        ? new ConnectorStream(new ByteArrayInputStream(result.getBytes(StandardCharsets.UTF_8)))
                        : result);
            } else {
                ExchangeHelper.setVariable(exchange, variable.toString(), result);
            }
        }
    }

    private final Map<String, NamedNode> steps = new ConcurrentSkipListMap<>();
    private final Set<String> places = ConcurrentHashMap.newKeySet();
    private final Map<String, Run> replays = new ConcurrentHashMap<>();
    private volatile Run running;

    /** Begins a test; {@code null} ends it. */
    void run(Run test) {
        running = test;
    }

    /** Begins a replay. Several may run at a time; exchanges of none of them belong to the test in progress. */
    void replay(Run replay) {
        replays.put(replay.requestId(), replay);
    }

    private Run running(Exchange exchange) {
        String request = replays.isEmpty() ? null : RequestId.of(exchange);
        return request == null ? running : replays.getOrDefault(request, running);
    }

    static String name(Step step) {
        return step.id().isEmpty() ? place(step) : step.id();
    }

    private static String place(Step step) {
        return place(step.place().file().toString(), step.place().line());
    }

    private static String place(String file, int line) {
        return file.substring(file.lastIndexOf('/') + 1) + ":" + line;
    }

    Collection<String> steps() {
        return steps.keySet();
    }

    /** Returns whether a route was started. Its place decides: routes of opposite preconditions may share ids. */
    boolean has(Step route) {
        return route.allSteps().map(Recorder::place).anyMatch(places::contains);
    }

    boolean asks(String name, String component) {
        return isTo(steps.get(name), component);
    }

    private static boolean isTo(NamedNode step, String component) {
        return step instanceof ToDefinition to && to.getUri().startsWith(component);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        String place = step.getLocation() == null ? "" : place(step.getLocation(), step.getLineNumber());
        String name = step instanceof OptionalIdentifiedDefinition<?> definition && definition.hasCustomIdAssigned()
                ? step.getId() : place;
        steps.put(name, step);
        places.add(place);
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Run test = running(exchange);
                if (test == null) {
                    return super.process(exchange, callback);
                }
                test.steps().add(name);
                test.watcher().accept(exchange);
                // A thread that a route starts does not know the request.
                MDC.put(RequestId.FIELD, test.requestId());
                Optional<Mock> mock = test.mocks().getOrDefault(name, List.of()).stream()
                        .filter(each -> each.fault().happens()).findFirst();
                if (mock.isPresent()) {
                    mock.get().run(step, exchange);
                } else if (test.catalogue() != null && isTo(step, "sql")) {
                    Mock.leave(step, exchange, test.catalogue().apply(
                            exchange.getVariable(Variables.TENANT_ID, String.class),
                            exchange.getVariable(Variables.REQUEST, DownloadRequest.class).fileId()));
                } else {
                    return super.process(exchange, callback);
                }
                callback.done(true);
                return true;
            }
        };
    }

    @Override
    protected void append(ILoggingEvent event) {
        Run test = running;
        if (test != null && event.getLevel().isGreaterOrEqual(Level.WARN)
                && test.requestId().equals(event.getMDCPropertyMap().get(RequestId.FIELD))) {
            test.log().add(event);
        }
    }
}
