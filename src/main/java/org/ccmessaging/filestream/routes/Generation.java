package org.ccmessaging.filestream.routes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.toolkit.GenerationNumber;
import org.springframework.context.ApplicationContext;

/**
 * A set of route files that serves requests: a {@link GenerationContext} with the routes of the files, started. A
 * request enters at the HTTP edge, and the generation that it has entered serves it to its end (decision 0024).
 */
public final class Generation implements AutoCloseable {

    /** Endpoints of routes that a request or another route of the generation calls. */
    private static final Pattern CALLED = Pattern.compile("(platform-http|direct|seda):");

    private final int number;
    private final GenerationContext camel;
    private final GenerationMBeans mbeans;
    private final AtomicInteger inFlight = new AtomicInteger();

    private Generation(int number, GenerationContext camel) {
        this.number = number;
        this.camel = camel;
        this.mbeans = GenerationMBeans.of(camel);
    }

    /**
     * Builds and starts a generation of the frame and the files of authors. No request reaches it before it is active.
     *
     * @param number counts up from 1
     * @param stopped IDs of routes that stay stopped
     * @param withSources whether routes that begin exchanges on their own start too, as those of a timer or a queue do;
     *     otherwise {@link #startSources} starts them
     * @throws RuntimeCamelException if a route cannot be built or started; the generation is closed then
     */
    static Generation start(int number, RouteFiles files, List<String> stopped, boolean withSources,
            ApplicationContext application) {
        Generation generation = new Generation(number, GenerationContext.build(application));
        try {
            generation.start(files, withSources,
                    application.getBeansOfType(CamelContextConfiguration.class).values());
            for (String id : stopped) {
                generation.camel.getRouteController().stopRoute(id);
            }
            return generation;
        } catch (Exception | StackOverflowError | LinkageError failed) {
            generation.close();
            throw RuntimeCamelException.wrapRuntimeCamelException(failed);
        }
    }

    private void start(RouteFiles files, boolean withSources, Collection<CamelContextConfiguration> parts)
            throws Exception {
        ExtendedCamelContext extension = camel.getCamelContextExtension();
        extension.addContextPlugin(GenerationNumber.class, new GenerationNumber(number));
        extension.addContextPlugin(RouteFiles.class, files);
        parts.forEach(part -> part.beforeApplicationStart(camel));
        List<Resource> resources = new ArrayList<>();
        ShippedRoutes.frame().contents().forEach((file, text) ->
                resources.add(ResourceHelper.fromBytes("classpath:" + file, text)));
        files.ofAuthors().contents().forEach((file, text) ->
                resources.add(ResourceHelper.fromBytes("file:" + file.toAbsolutePath().normalize(), text)));
        PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
        if (!withSources) {
            sources().forEach(route -> route.setAutoStartup("false"));
        }
        camel.start();
        parts.forEach(part -> part.afterApplicationStart(camel));
    }

    private Stream<RouteDefinition> sources() {
        return camel.getRouteDefinitions().stream()
                .filter(route -> !CALLED.matcher(route.getInput().getEndpointUri()).lookingAt());
    }

    /** @param stopped IDs of routes that stay stopped */
    void startSources(List<String> stopped) {
        sources().map(RouteDefinition::getRouteId).filter(id -> !stopped.contains(id)).forEach(id -> {
            try {
                camel.getRouteController().startRoute(id);
            } catch (Exception failed) {
                throw RuntimeCamelException.wrapRuntimeCamelException(failed);
            }
        });
    }

    /** Returns the number of the generation, from 1. */
    public int number() {
        return number;
    }

    /** Returns the Camel context that runs the routes. */
    public CamelContext camel() {
        return camel;
    }

    void enter() {
        inFlight.incrementAndGet();
    }

    /** Ends a request that {@link Serving#enter} has counted. */
    public void exit() {
        inFlight.decrementAndGet();
    }

    /** Returns whether a request, or an exchange that its routes have handed on, is still in flight. */
    public boolean isBusy() {
        return inFlight.get() > 0 || camel.getInflightRepository().size() > 0;
    }

    void showAs(String name) {
        mbeans.showAs(name);
    }

    @Override
    public void close() {
        camel.close();
    }
}
