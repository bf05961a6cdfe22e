package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

/**
 * The build level of the check: builds the whole set as the start does, in a context of its own that never starts. It
 * finds what no list says, such as an option that excludes another.
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
        for (RouteFile file : set.files()) {
            attempt(file.place(), () -> {
                RoutesBuilder builder = PluginHelper.getRoutesLoader(camel).findRoutesBuilders(
                        ResourceHelper.fromString(FILE + file.path(), file.text())).iterator().next();
                // A route takes a copy of the clauses of its configurations when it is added.
                camel.addRoutesConfigurations((RouteConfigurationsBuilder) builder);
                builders.add(builder);
            });
        }
        builders.forEach(builder -> attempt(Place.of(set.folder()), () -> camel.addRoutes(builder)));
        for (RouteDefinition route : List.copyOf(camel.getRouteDefinitions())) {
            // Camel makes the steps now, and would start the route only if the context had started.
            attempt(set.route(route.getRouteId()).map(one -> one.uri().place()).orElse(Place.of(set.folder())),
                    () -> camel.startRouteDefinitions(List.of(route)));
        }
    }

    private void attempt(Place place, Load load) {
        failed = null;
        try {
            load.run();
        } catch (Exception fault) {
            Optional<Step> step = Optional.ofNullable(failed).flatMap(this::step);
            findings.error("R030", step.map(Step::place).orElse(place),
                    step.map(one -> one.label() + ": ").orElse("") + Failures.text(fault));
        }
    }

    private Optional<Step> step(NamedNode definition) {
        String location = Objects.requireNonNullElse(definition.getLocation(), "");
        Path file = Path.of(location.startsWith(FILE) ? location.substring(FILE.length()) : location);
        return set.allSteps().filter(step -> step.place().file().equals(file))
                .filter(step -> step.id().equals(definition.getId())
                        || step.value().place().line() == definition.getLineNumber() + 1).findFirst();
    }

    /** Loads something into the context. */
    @FunctionalInterface
    private interface Load {

        void run() throws Exception;
    }

    /** Makes the steps of a route in Camel's place, and keeps the innermost that cannot be made. */
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
