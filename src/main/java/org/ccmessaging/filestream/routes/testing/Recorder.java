package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;

/**
 * Records the steps and the log of the test in progress, and replaces and fails the steps that it names. As a filter it
 * sees which threads work for the test, so that a line of the log finds it.
 */
final class Recorder extends AppenderBase<ILoggingEvent> implements InterceptStrategy, Filter {

    private static final String TEST = Recorder.class.getName() + ".test";
    private static final long LONGEST_SECONDS = 10;

    /**
     * A test in progress.
     *
     * @param mocks what happens in the place of steps, by their ids; the first that happens counts
     * @param steps the names of the steps that have run, in order
     * @param log the warnings and errors that were logged for it
     */
    record Run(Map<String, List<Mock>> mocks, List<String> steps, List<LogLine> log) {
    }

    /**
     * What happens in the place of a step.
     *
     * @param written what the step leaves, or the message of the exception
     * @param exception what it throws; {@code null} for nothing
     */
    record Mock(Value written, Class<? extends Exception> exception, Store.Times times) {
    }

    /** A line of the log. */
    record LogLine(boolean error, String text) {
    }

    private final Set<NamedNode> made = ConcurrentHashMap.newKeySet();
    private final Set<String> ran = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<Run> ofThread = new ThreadLocal<>();
    private final Semaphore requests = new Semaphore(Integer.MAX_VALUE);
    private volatile Run running;

    /** Begins a test; {@code null} ends it. */
    void run(Run test) {
        running = test;
    }

    /** The name of a step in reports: its id, or its place if the author gave it none. */
    private static String nameOf(NamedNode step) {
        return step instanceof OptionalIdentifiedDefinition<?> definition && definition.hasCustomIdAssigned()
                ? step.getId() : place(step.getLocation(), step.getLineNumber());
    }

    /** The name of a step of a route file in reports. */
    static String name(Step step) {
        return step.id().isEmpty() ? place(step.place().file().toString(), step.place().line()) : step.id();
    }

    private static String place(String file, int line) {
        return file.substring(file.lastIndexOf('/') + 1) + ":" + line;
    }

    /** The names of all steps that exist. */
    Collection<String> steps() {
        TreeSet<String> names = new TreeSet<>();
        made.forEach(step -> names.add(nameOf(step)));
        return names;
    }

    /** Returns whether a step of the route exists. The place tells: routes of opposite preconditions may share ids. */
    boolean has(Route route) {
        Set<String> places = new HashSet<>();
        made.stream().filter(step -> step.getLocation() != null)
                .forEach(step -> places.add(place(step.getLocation(), step.getLineNumber())));
        return route.allSteps().map(Step::place)
                .anyMatch(step -> places.contains(place(step.file().toString(), step.line())));
    }

    /** Returns whether the step of a name exists and asks the store. */
    boolean asksStore(String name) {
        return made.stream().anyMatch(step -> nameOf(step).equals(name)
                && step instanceof ToDefinition to && to.getUri().startsWith("aws2-s3"));
    }

    /** The names of the steps that have run in any test. */
    Set<String> ran() {
        return Set.copyOf(ran);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        made.add(step);
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Run test = test(exchange);
                if (test == null) {
                    return super.process(exchange, callback);
                }
                test.steps().add(nameOf(step));
                ran.add(nameOf(step));
                Run outer = enter(test);
                try {
                    if (!replaced(step, exchange, test)) {
                        return super.process(exchange, callback);
                    }
                    callback.done(true);
                    return true;
                } finally {
                    enter(outer);
                }
            }
        };
    }

    /**
     * Works for a test in this thread.
     *
     * @return the test that the thread worked for before; {@code null} for none
     */
    private Run enter(Run test) {
        Run outer = ofThread.get();
        if (test == null) {
            ofThread.remove();
        } else {
            ofThread.set(test);
        }
        return outer;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Run outer = enter(running);
        requests.acquireUninterruptibly();
        try {
            chain.doFilter(request, response);
        } finally {
            requests.release();
            enter(outer);
        }
    }

    /** Waits until the service has finished all requests, since steps may run after the response has left. */
    void awaitEnd() {
        try {
            if (requests.tryAcquire(Integer.MAX_VALUE, LONGEST_SECONDS, TimeUnit.SECONDS)) {
                requests.release(Integer.MAX_VALUE);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        Run test = ofThread.get();
        if (test != null && event.getLevel().isGreaterOrEqual(Level.WARN)) {
            test.log().add(new LogLine(event.getLevel() == Level.ERROR, event.getFormattedMessage()));
        }
    }

    /** The test whose request it is. What a test leaves behind, such as a message of {@code seda}, stays its own. */
    private Run test(Exchange exchange) {
        Run test = exchange.getProperty(TEST, Run.class);
        if (test == null) {
            test = running;
            exchange.setProperty(TEST, test);
        }
        return test;
    }

    private static boolean replaced(NamedNode step, Exchange exchange, Run test) {
        Optional<Mock> mock = test.mocks().getOrDefault(nameOf(step), List.of()).stream()
                .filter(each -> each.times().happens()).findFirst();
        mock.ifPresent(its -> {
            if (its.exception() == null) {
                leave(step, exchange, its.written());
            } else {
                String message = its.written().get("message").text();
                exchange.setException(Exceptions.make(its.exception(),
                        message.isEmpty() ? "a test wants it so" : message));
            }
        });
        return mock.isPresent();
    }

    private static void leave(NamedNode step, Exchange exchange, Value mock) {
        mock.get("headers").members().values()
                .forEach(header -> exchange.getMessage().setHeader(header.name(), header.value().text()));
        mock.get("variables").members().values()
                .forEach(variable -> exchange.setVariable(variable.name(), variable.value().text()));
        Value body = mock.get("body");
        String left = body.isScalar() ? body.text() : body.json().toString();
        String variable = variable(step);
        if (body.isPresent() && variable != null) {
            ExchangeHelper.setVariable(exchange, variable, left);
        } else if (body.isPresent()) {
            exchange.getMessage().setBody(left);
        }
    }

    /** The variable that the step puts its result into; {@code null} if that is the body. */
    private static String variable(NamedNode step) {
        BeanWrapper fields = new BeanWrapperImpl(step);
        String name = "variableReceive";
        return fields.isReadableProperty(name) ? (String) fields.getPropertyValue(name) : null;
    }
}
