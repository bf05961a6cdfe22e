package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.slf4j.MDC;

/**
 * Records the steps and the log of the test in progress, and replaces or fails the steps that the test names. A line of
 * the log belongs to the test whose request ID it carries, since other services may log in the same process.
 */
final class Recorder extends AppenderBase<ILoggingEvent> implements InterceptStrategy {

    /** Replaces a step in a test. */
    interface Mock {

        /** Returns whether it has happened. Otherwise the next mock of the step happens, or the step itself. */
        boolean run(NamedNode step, Exchange exchange) throws Exception;
    }

    /**
     * A test or a replay in progress, and what it did so far.
     *
     * @param mocks what happens in place of steps, by their ids
     * @param watcher gets the exchange at each step
     * @param failures the failures of the request's steps that were not replaced
     */
    record Run(String requestId, Map<String, List<Mock>> mocks, Consumer<Exchange> watcher, List<String> steps,
            Map<String, Exception> failures, List<ILoggingEvent> log) {

        Run(String requestId, Map<String, List<Mock>> mocks, Consumer<Exchange> watcher) {
            this(requestId, mocks, watcher, new CopyOnWriteArrayList<>(), new ConcurrentHashMap<>(),
                    new CopyOnWriteArrayList<>());
        }

        private boolean replaces(String name, NamedNode step, Exchange exchange) {
            steps.add(name);
            watcher.accept(exchange);
            // A thread that a route starts does not know the request.
            MDC.put(RequestId.FIELD, requestId);
            try {
                for (Mock mock : mocks.getOrDefault(name, List.of())) {
                    if (mock.run(step, exchange)) {
                        return true;
                    }
                }
                return false;
            } catch (Exception failure) {
                exchange.setException(failure);
                return true;
            }
        }
    }

    private final Map<String, NamedNode> steps = new ConcurrentSkipListMap<>();
    private final Set<String> places = ConcurrentHashMap.newKeySet();
    private volatile Run running;

    /** Begins a test or a replay, which another one or {@code null} ends. */
    void run(Run next) {
        running = next;
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
        return steps.get(name) instanceof ToDefinition to && to.getUri().startsWith(component);
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
                Run run = running;
                if (run == null) {
                    return super.process(exchange, callback);
                } else if (run.replaces(name, step, exchange)) {
                    callback.done(true);
                    return true;
                }
                return super.process(exchange, sync -> {
                    if (exchange.getException() != null && Replay.FRAME.equals(exchange.getFromRouteId())) {
                        run.failures().put(name, exchange.getException());
                    }
                    callback.done(sync);
                });
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
