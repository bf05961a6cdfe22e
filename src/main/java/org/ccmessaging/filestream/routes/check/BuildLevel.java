package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ProcessorFactory;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * The build level of the check: builds the whole set as the start does, in a context of its own that never starts. A
 * fault in one step hides no other.
 */
final class BuildLevel {

    private final DefaultCamelContext camel;
    private final RouteSet set;
    private final Faults faults;

    /**
     * @param camel a context that is built, not started, and empty
     * @param faults names what is wrong, and leaves out what other levels have found
     */
    BuildLevel(DefaultCamelContext camel, RouteSet set, Faults faults) {
        this.camel = camel;
        this.set = set;
        this.faults = faults;
    }

    void check() {
        ProcessorFactory own = PluginHelper.getProcessorFactory(camel);
        camel.getCamelContextExtension().addContextPlugin(ProcessorFactory.class, new Probe(own, faults::ofStep));
        // These would give the service's meters series for routes that never run.
        camel.getRoutePolicyFactories().clear();
        load();
        List.copyOf(camel.getRouteDefinitions()).forEach(this::build);
    }

    private void build(RouteDefinition route) {
        for (ProcessorDefinition<?> clause : route.getOutputs()) {
            if (clause instanceof OnExceptionDefinition onException) {
                // Each route has a copy of the clauses, and would fail for a class that only one of them lacks.
                onException.getExceptions().replaceAll(name ->
                        camel.getClassResolver().resolveClass(name) == null ? Exception.class.getName() : name);
            }
        }
        try {
            // Camel makes the steps now, and would start the route only if the context had started.
            camel.startRouteDefinitions(List.of(route));
        } catch (Exception fault) {
            faults.ofRoute(route.getRouteId(), fault);
        }
    }

    /** All configurations first: a route takes a copy of their clauses when it is added. */
    private void load() {
        List<Part> parts = set.files().stream().flatMap(file -> loadable(file).stream()).toList();
        Map<Part, RoutesBuilder> builders = new LinkedHashMap<>();
        for (Part part : parts) {
            attempt(part, () -> {
                RoutesBuilder builder = builder(part);
                camel.addRoutesConfigurations((RouteConfigurationsBuilder) builder);
                builders.put(part, builder);
            });
        }
        builders.forEach((part, builder) -> attempt(part, () -> camel.addRoutes(builder)));
    }

    /** The file as a whole or, if it cannot be loaded, those of its elements that can be, each by itself. */
    private List<Part> loadable(RouteFile file) {
        Part whole = Part.whole(file);
        Exception fault = trial(whole);
        if (fault == null) {
            return List.of(whole);
        }
        List<Part> loadable = new ArrayList<>();
        boolean found = false;
        for (Part element : Part.elements(file)) {
            Exception own = trial(element);
            if (own == null) {
                loadable.add(element);
            } else {
                found = true;
                faults.ofElement(element, own);
            }
        }
        if (!found) {
            faults.ofElement(whole, fault);
        }
        return loadable;
    }

    private Exception trial(Part part) {
        try {
            RouteConfigurationBuilder builder = (RouteConfigurationBuilder) builder(part);
            builder.setCamelContext(camel);
            builder.configuration();
            builder.configure();
            return null;
        } catch (Exception fault) {
            return fault;
        }
    }

    private RoutesBuilder builder(Part part) throws Exception {
        return PluginHelper.getRoutesLoader(camel).findRoutesBuilders(
                ResourceHelper.fromString("file:" + part.file().path(), part.text())).iterator().next();
    }

    private void attempt(Part part, Load load) {
        try {
            load.run();
        } catch (Exception fault) {
            faults.ofElement(part, fault);
        }
    }

    /** Loads something into the context. */
    @FunctionalInterface
    private interface Load {

        void run() throws Exception;
    }

    /**
     * A file, or one element of it with nothing but empty lines around, so that lines keep their numbers.
     *
     * @param place where it begins
     */
    record Part(RouteFile file, Place place, String text) {

        private static Part whole(RouteFile file) {
            return new Part(file, file.place(), file.text());
        }

        /** Empty if two elements begin in the same line. */
        private static List<Part> elements(RouteFile file) {
            List<String> lines = file.text().lines().toList();
            List<Integer> starts = file.yaml().items().stream().map(item -> dash(lines, item.place().line())).toList();
            List<Part> elements = new ArrayList<>();
            for (int i = 0; i < starts.size(); i++) {
                int from = starts.get(i);
                int to = i + 1 < starts.size() ? starts.get(i + 1) : lines.size() + 1;
                if (to <= from) {
                    return List.of();
                }
                elements.add(new Part(file, file.yaml().items().get(i).place(),
                        "\n".repeat(from - 1) + String.join("\n", lines.subList(from - 1, to - 1)) + "\n"));
            }
            return elements;
        }

        /** Whether something in the file is in this part. */
        boolean holds(Place other) {
            List<String> lines = text.lines().toList();
            return place.line() == 0 || other.line() >= place.line() && other.line() <= lines.size();
        }

        /** An item begins with its dash, which may stand in a line above its first key. */
        private static int dash(List<String> lines, int line) {
            int at = line;
            while (at > 1 && !lines.get(at - 1).stripLeading().startsWith("-")) {
                at--;
            }
            return at;
        }
    }
}
