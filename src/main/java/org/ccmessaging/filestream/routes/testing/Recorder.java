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
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;

/**
 * Records the steps and the log of the test in progress, and replaces and fails the steps that it names. As a filter it
 * sees which threads work for the test, so that a line of the log finds it.
 */
final class Recorder extends AppenderBase<ILoggingEvent> implements InterceptStrategy, Filter {

    private static final String TEST = Recorder.class.getName() + ".test";
    private static final long LONGEST_SECONDS = 10;

    private final Set<NamedNode> made = ConcurrentHashMap.newKeySet();
    private final Set<String> ran = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<TestRun> ofThread = new ThreadLocal<>();
    private final Semaphore requests = new Semaphore(Integer.MAX_VALUE);
    private volatile TestRun running;

    /** Begins a test; {@code null} ends it. */
    void run(TestRun test) {
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
                TestRun test = test(exchange);
                if (test == null) {
                    return super.process(exchange, callback);
                }
                test.steps().add(nameOf(step));
                ran.add(nameOf(step));
                TestRun outer = enter(test);
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
    private TestRun enter(TestRun test) {
        TestRun outer = ofThread.get();
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
        TestRun outer = enter(running);
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
        TestRun test = ofThread.get();
        if (test != null && event.getLevel().isGreaterOrEqual(Level.WARN)) {
            test.log().add(new TestRun.LogLine(event.getLevel() == Level.ERROR, event.getFormattedMessage()));
        }
    }

    /** The test whose request it is. What a test leaves behind, such as a message of {@code seda}, stays its own. */
    private TestRun test(Exchange exchange) {
        TestRun test = exchange.getProperty(TEST, TestRun.class);
        if (test == null) {
            test = running;
            exchange.setProperty(TEST, test);
        }
        return test;
    }

    private static boolean replaced(NamedNode step, Exchange exchange, TestRun test) {
        for (TestRun.Mock mock : test.mocks().getOrDefault(nameOf(step), List.of())) {
            if (mock.happens()) {
                if (mock.exception() == null) {
                    leave(step, exchange, mock);
                } else {
                    exchange.setException(Exceptions.make(mock.exception(), mock.message()));
                }
                return true;
            }
        }
        return false;
    }

    private static void leave(NamedNode step, Exchange exchange, TestRun.Mock mock) {
        for (Member header : mock.written().get("headers").members().values()) {
            exchange.getMessage().setHeader(header.name(), header.value().text());
        }
        for (Member variable : mock.written().get("variables").members().values()) {
            exchange.setVariable(variable.name(), variable.value().text());
        }
        String variable = variable(step);
        if (mock.body() != null && variable != null) {
            ExchangeHelper.setVariable(exchange, variable, mock.body());
        } else if (mock.body() != null) {
            exchange.getMessage().setBody(mock.body());
        }
    }

    /** The variable that the step puts its result into; {@code null} if that is the body. */
    private static String variable(NamedNode step) {
        BeanWrapper fields = new BeanWrapperImpl(step);
        String name = "variableReceive";
        return fields.isReadableProperty(name) ? (String) fields.getPropertyValue(name) : null;
    }
}
