package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
 * The build level of the check: builds the routes as startup does, in a context that never starts. It finds what only
 * Camel knows, such as a bean, a component or an option of an endpoint that does not exist, and the syntax of Simple.
 */
final class BuildLevel {

    private static final String FILE = "file:";

    private final DefaultCamelContext camel;
    private final RouteSet set;
    private final CamelMessages messages;
    private final List<RoutesBuilder> builders = new ArrayList<>();
    private NamedNode failed;

    /** @param camel a context that is built, not started, and empty */
    BuildLevel(DefaultCamelContext camel, RouteSet set, CamelMessages messages) {
        this.camel = camel;
        this.set = set;
        this.messages = messages;
    }

    /**
     * Loads the files and the routes of Java, configurations first, as {@code DefaultRoutesLoader} does: Camel copies
     * the clauses of configurations into a route when it adds the route.
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

    /** Makes the routes of templates, and builds the steps of all routes. */
    void build() {
        camel.getCamelContextExtension().addContextPlugin(ProcessorFactory.class, new Watched());
        builders.forEach(builder -> attempt(place(builder), context -> context.addTemplatedRoutes(builder)));
        for (RouteDefinition route : List.copyOf(camel.getRouteDefinitions())) {
            // Camel builds the steps now. It would start the route only if the context had started.
            attempt(set.route(String.valueOf(route.getRouteId())).map(one -> one.endpoint().place())
                    .orElse(place(route.getLocation())), context -> context.startRouteDefinitions(List.of(route)));
        }
    }

    /** Returns scheme and path of the endpoints that routes of the context receive from. */
    Set<String> consumers() {
        return camel.getRouteDefinitions().stream().map(this::consumer).collect(Collectors.toSet());
    }

    private String consumer(RouteDefinition route) {
        String uri = route.getInput().getEndpointUri();
        for (Map.Entry<?, ?> parameter : Objects.requireNonNullElse(
                route.getTemplateParameters(), Map.of()).entrySet()) {
            uri = uri.replace("{{" + parameter.getKey() + "}}", String.valueOf(parameter.getValue()));
        }
        return set.resolve(uri).split("\\?", 2)[0].replace("://", ":");
    }

    /** Returns the ids of the configurations, those of builders in Java included; empty for a global one. */
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
        if (failed == null || !step.id().isEmpty()) {
            return failed != null && step.id().equals(failed.getId());
        }
        // Camel counts the line of a map from 0, and that of a text from 1.
        int line = failed.getLineNumber() + (step.value().isScalar() ? 0 : 1);
        return (FILE + step.place().file()).equals(failed.getLocation()) && step.value().place().line() == line;
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
