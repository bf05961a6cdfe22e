package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
import org.apache.camel.spi.ResourceAware;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.util.function.ThrowingConsumer;

/**
 * Builds the routes in a Camel context that never starts, to find errors that only Camel detects, such as a missing
 * bean or a syntax error in a Simple expression.
 */
final class BuildLevel {

    private static final String FILE = "file:";

    private final DefaultCamelContext camel;
    private final RouteSet set;
    private final CamelMessages messages;
    private final StepRules rules;
    private final List<RoutesBuilder> builders = new ArrayList<>();
    private final Set<String> consumers = new TreeSet<>();
    private NamedNode failed;

    /** @param camel a context that is built but not started, and that has no routes */
    BuildLevel(DefaultCamelContext camel, RouteSet set, StepRules rules, CamelMessages messages) {
        this.camel = camel;
        this.set = set;
        this.messages = messages;
        this.rules = rules;
    }

    /**
     * Adds the routes after the route configurations, because Camel copies the {@code onException} clauses of existing
     * configurations into each new route.
     */
    void load(Collection<RoutesBuilder> java) {
        builders.addAll(java);
        set.files().contents().forEach((file, text) -> attempt(Place.of(file), context -> builders.addAll(PluginHelper
                .getRoutesLoader(context).findRoutesBuilders(ResourceHelper.fromBytes(FILE + file, text)))));
        builders.forEach(builder -> attempt(place(builder), context -> {
            if (builder instanceof RouteConfigurationsBuilder configurations) {
                context.addRoutesConfigurations(configurations);
            }
        }));
        builders.forEach(builder -> attempt(place(builder), context -> context.addRoutes(builder)));
    }

    void build() {
        camel.getCamelContextExtension().addContextPlugin(ProcessorFactory.class, new Watched());
        builders.forEach(builder -> attempt(place(builder), context -> context.addTemplatedRoutes(builder)));
        for (RouteDefinition route : List.copyOf(camel.getRouteDefinitions())) {
            // Builds the steps, but starts no route, because the context is not started.
            attempt(set.route(String.valueOf(route.getRouteId())).map(one -> one.endpoint().place())
                    .orElse(place(route.getLocation())), context -> context.startRouteDefinitions(List.of(route)));
        }
    }

    /** Returns the endpoints that the built routes consume from, such as {@code direct:read-s3}. */
    Set<String> consumers() {
        return consumers;
    }

    /** Returns the ids of all route configurations. The id of a global configuration is empty. */
    List<String> configurations() {
        return camel.getRouteConfigurationDefinitions().stream()
                .map(configuration -> Objects.requireNonNullElse(configuration.getId(), "")).toList();
    }

    private Place place(RoutesBuilder builder) {
        return place(builder instanceof ResourceAware aware && aware.getResource() != null
                ? aware.getResource().getLocation() : null);
    }

    private Place place(String location) {
        return Place.of(set.files().contents().keySet().stream().filter(file -> (FILE + file).equals(location))
                .findFirst().orElse(set.files().folder()));
    }

    private void attempt(Place place, ThrowingConsumer<DefaultCamelContext> load) {
        failed = null;
        try {
            load.acceptWithException(camel);
        } catch (Exception | LinkageError fault) {
            Optional<Step> step = set.elements().stream().flatMap(Step::withAllBelow).filter(this::hasFailed)
                    .reduce((outer, inner) -> inner);
            messages.report(fault, step, place);
        }
    }

    private boolean hasFailed(Step step) {
        if (failed == null || !step.id().matches("|.*\\{\\{.*")) {
            return failed != null && step.id().equals(failed.getId());
        }
        // Camel counts lines from 0 for a step that is a map, and from 1 for a step that is a scalar.
        int line = failed.getLineNumber() + (step.value().isScalar() ? 0 : 1);
        return (FILE + step.place().file()).equals(failed.getLocation()) && step.value().place().line() == line;
    }

    /** Builds steps as Camel does. Records the consumer endpoint of each route, and the innermost step that fails. */
    private final class Watched extends DefaultProcessorFactory {

        @Override
        public Processor createProcessor(Route route, NamedNode definition) throws Exception {
            consumers.add(route.getEndpoint().getEndpointBaseUri().replace("://", ":"));
            try {
                rules.check(definition);
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
