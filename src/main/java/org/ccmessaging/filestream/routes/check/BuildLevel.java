package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.processor.DefaultProcessorFactory;
import org.apache.camel.reifier.ProcessorReifier;
import org.apache.camel.spi.ProcessorFactory;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.util.function.ThrowingConsumer;

/**
 * The build level of the check: builds the routes of authors as startup does, in a context that never starts. It finds
 * what the language cannot express, such as an option that excludes another (R030), and routes that requests need and
 * that do not exist (R211). The frame is in the jar, so the build of the product has built it.
 */
final class BuildLevel {

    private static final String FILE = "file:";

    private final DefaultCamelContext camel;
    private final RouteSet set;
    private final Findings findings;
    private NamedNode failed;

    /** @param camel a context that is built, not started, and empty */
    BuildLevel(DefaultCamelContext camel, RouteSet set, Findings findings) {
        this.camel = camel;
        this.set = set;
        this.findings = findings;
    }

    void check() {
        camel.getCamelContextExtension().addContextPlugin(ProcessorFactory.class, new Watched());
        List<RoutesBuilder> builders = new ArrayList<>();
        set.files().contents().forEach((file, text) -> attempt(Place.of(file), context -> {
            RoutesBuilder builder = PluginHelper.getRoutesLoader(context)
                    .findRoutesBuilders(ResourceHelper.fromBytes(FILE + file, text)).iterator().next();
            // Camel copies the clauses of configurations into a route when it adds the route.
            context.addRoutesConfigurations((RouteConfigurationsBuilder) builder);
            builders.add(builder);
        }));
        builders.forEach(builder -> attempt(Place.of(set.files().folder()), context -> context.addRoutes(builder)));
        for (RouteDefinition route : List.copyOf(camel.getRouteDefinitions())) {
            // Camel builds the steps now. It would start the route only if the context had started.
            attempt(set.route(route.getRouteId()).orElseThrow().endpoint().place(),
                    context -> context.startRouteDefinitions(List.of(route)));
        }
        if (!findings.hasErrors()) {
            Set<Step> called = set.callees(set.routes().stream().flatMap(route -> route.children().stream()));
            // Camel creates no route whose precondition is false.
            set.authors().stream().filter(called::contains)
                    .filter(route -> camel.getRouteController().getRouteStatus(route.id()) == null)
                    .forEach(route -> findings.error("R211", route, route.value().placeOf("precondition"),
                            "does not exist: its precondition is false with these settings, and requests need it",
                            "compare with a value that the setting has, or remove the precondition"));
        }
    }

    private void attempt(Place place, ThrowingConsumer<DefaultCamelContext> load) {
        failed = null;
        try {
            load.acceptWithException(camel);
        } catch (Exception fault) {
            Optional<Step> step = set.allSteps().filter(this::hasFailed).findFirst();
            findings.error("R030", step.map(Step::place).orElse(place), step.map(one -> one.label() + ": ").orElse("")
                    + CamelMessages.text(fault), CamelMessages.hint(fault));
        }
    }

    private boolean hasFailed(Step step) {
        return failed != null && (FILE + step.place().file()).equals(failed.getLocation())
                && step.value().place().line() == failed.getLineNumber() + 1;
    }

    /** Builds steps as Camel does, and remembers the innermost one that fails. */
    private final class Watched extends DefaultProcessorFactory {

        @Override
        public Processor createProcessor(Route route, NamedNode definition) throws Exception {
            try {
                Processor special = super.createProcessor(route, definition);
                return special != null ? special
                        : ProcessorReifier.reifier(route, (ProcessorDefinition<?>) definition).createProcessor();
            } catch (Exception fault) {
                failed = failed == null ? definition : failed;
                throw fault;
            }
        }
    }
}
