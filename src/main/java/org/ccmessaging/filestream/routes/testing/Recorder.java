package org.ccmessaging.filestream.routes.testing;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value.Member;

/** Sees every step that runs, and replaces and fails those that the running test names. */
final class Recorder implements InterceptStrategy {

    private static final String TEST = Recorder.class.getName() + ".test";

    private final Set<NamedNode> made = ConcurrentHashMap.newKeySet();
    private final Set<String> ran = ConcurrentHashMap.newKeySet();
    private final Tests tests;

    /** @param tests knows the test that runs */
    Recorder(Tests tests) {
        this.tests = tests;
    }

    /** How a report names a step: by its id, or by its place if the author gave it none. */
    static String name(NamedNode step) {
        return step instanceof OptionalIdentifiedDefinition<?> definition && definition.hasCustomIdAssigned()
                ? step.getId() : place(step.getLocation(), step.getLineNumber());
    }

    static String place(String file, int line) {
        return file.substring(file.lastIndexOf('/') + 1) + ":" + line;
    }

    /** The names of all steps that exist. */
    Collection<String> steps() {
        TreeSet<String> names = new TreeSet<>();
        made.forEach(step -> names.add(name(step)));
        return names;
    }

    /** Whether a step of the route exists. The place tells: routes of opposite preconditions may share ids. */
    boolean has(Route route) {
        Set<String> places = new HashSet<>();
        made.stream().filter(step -> step.getLocation() != null)
                .forEach(step -> places.add(place(step.getLocation(), step.getLineNumber())));
        return route.allSteps().map(Step::place)
                .anyMatch(step -> places.contains(place(step.file().toString(), step.line())));
    }

    /** Whether the step of a name exists and asks the store. */
    boolean asksStore(String name) {
        return made.stream().anyMatch(step -> name(step).equals(name)
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
                Running test = test(exchange);
                if (test == null) {
                    return super.process(exchange, callback);
                }
                test.steps().add(name(step));
                ran.add(name(step));
                return tests.within(test, () -> {
                    if (!replaced(step, exchange, test)) {
                        return super.process(exchange, callback);
                    }
                    callback.done(true);
                    return true;
                });
            }
        };
    }

    /** The test whose request it is. What a test leaves behind, such as a message of {@code seda}, stays its own. */
    private Running test(Exchange exchange) {
        Running test = exchange.getProperty(TEST, Running.class);
        if (test == null) {
            test = tests.running();
            exchange.setProperty(TEST, test);
        }
        return test;
    }

    private static boolean replaced(NamedNode step, Exchange exchange, Running test) {
        Running.Thrown thrown = test.exceptions().get(name(step));
        if (thrown != null && thrown.happens()) {
            exchange.setException(thrown.make());
            return true;
        }
        Running.Mock mock = test.mocks().get(name(step));
        if (mock == null) {
            return false;
        }
        if (mock.exception() != null) {
            exchange.setException(mock.exception().make());
            return true;
        }
        leave(step, exchange, mock);
        return true;
    }

    private static void leave(NamedNode step, Exchange exchange, Running.Mock mock) {
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
        return step instanceof ToDefinition to ? to.getVariableReceive()
                : step instanceof ToDynamicDefinition to ? to.getVariableReceive()
                : step instanceof UnmarshalDefinition unmarshal ? unmarshal.getVariableReceive()
                : step instanceof MarshalDefinition marshal ? marshal.getVariableReceive() : null;
    }
}
