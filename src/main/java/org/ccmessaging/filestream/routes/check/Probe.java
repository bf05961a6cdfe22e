package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FinallyDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.reifier.ProcessorReifier;
import org.apache.camel.spi.ProcessorFactory;

/**
 * Makes the steps of a route in Camel's place. Camel would stop at the first step that cannot be made; this reports it,
 * puts an empty step in its place and goes on.
 */
final class Probe implements ProcessorFactory {

    private final ProcessorFactory camel;
    private final BiConsumer<NamedNode, Exception> faults;
    private final Set<Throwable> reported = Collections.newSetFromMap(new IdentityHashMap<>());

    Probe(ProcessorFactory camel, BiConsumer<NamedNode, Exception> faults) {
        this.camel = camel;
        this.faults = faults;
    }

    @Override
    public Processor createChildProcessor(Route route, NamedNode definition, boolean mandatory) throws Exception {
        return camel.createChildProcessor(route, definition, mandatory);
    }

    @Override
    public Processor createProcessor(Route route, NamedNode definition) throws Exception {
        try {
            Processor special = camel.createProcessor(route, definition);
            return special != null ? special
                    : ProcessorReifier.reifier(route, (ProcessorDefinition<?>) definition).createProcessor();
        } catch (Exception fault) {
            if (!(definition instanceof ChoiceDefinition choice) || !branches(route, choice)) {
                report(definition, fault);
            }
            if (definition instanceof CatchDefinition || definition instanceof FinallyDefinition) {
                // Camel needs an object of its own class here, which only it can make.
                throw fault;
            }
            return new Nothing();
        }
    }

    @Override
    public Processor createProcessor(CamelContext context, String name, Object[] arguments) throws Exception {
        return camel.createProcessor(context, name, arguments);
    }

    /** Camel makes the predicates of all branches itself, and stops at the first that cannot be made. */
    private boolean branches(Route route, ChoiceDefinition choice) throws Exception {
        List<ProcessorDefinition<?>> steps = new ArrayList<>();
        boolean found = false;
        for (WhenDefinition when : choice.getWhenClauses()) {
            try {
                if (when.getExpression() != null) {
                    when.getExpression().createPredicate(route.getCamelContext());
                }
            } catch (Exception fault) {
                found = true;
                faults.accept(when, fault);
            }
            steps.addAll(when.getOutputs());
        }
        if (choice.getOtherwise() != null) {
            steps.addAll(choice.getOtherwise().getOutputs());
        }
        for (ProcessorDefinition<?> step : steps) {
            createProcessor(route, step);
        }
        return found;
    }

    private void report(NamedNode definition, Exception fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (!reported.add(cause)) {
                return;
            }
        }
        faults.accept(definition, fault);
    }

    /** Stands where a step cannot be made; no request runs it. */
    private static final class Nothing implements Processor {

        @Override
        public void process(Exchange exchange) {
            throw new UnsupportedOperationException("stands for a step that cannot be made");
        }
    }
}
