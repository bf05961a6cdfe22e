package org.ccmessaging.filestream.routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.ccmessaging.filestream.toolkit.GenerationNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;

/**
 * A set of route files that serves requests, in a {@link GenerationContext}. A request enters at the HTTP edge, and the
 * generation that it has entered serves it to its end (decision 0024). {@link Serving} decides which routes run.
 * A simulation overrides the protected methods, which are all that use Camel.
 */
public class Generation implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    /** Endpoints of routes that a request or another route of the generation calls. */
    private static final Pattern CALLED = Pattern.compile("(platform-http|direct|seda):");

    private final int number;
    private final GenerationContext camel;
    private final GenerationMBeans mbeans;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** The routes at the last look: true if started. */
    private final Map<String, Boolean> seen = new HashMap<>();

    private boolean hasSources;

    /** @param camel {@code null} in a simulation */
    protected Generation(int number, GenerationContext camel) {
        this.number = number;
        this.camel = camel;
        this.mbeans = camel == null ? null : GenerationMBeans.of(camel);
    }

    /**
     * Builds and starts a generation of the frame and the files of authors. No request reaches it yet, and no route of
     * it begins exchanges on its own.
     *
     * @param application has the beans of the service
     * @throws RuntimeException if a route cannot be built or started; nothing of the generation is left then
     */
    static Generation start(ApplicationContext application, int number, RouteFiles files) {
        Generation generation = new Generation(number, GenerationContext.build(application));
        try {
            generation.start(files, application.getBeansOfType(CamelContextConfiguration.class).values());
            return generation;
        } catch (Exception | StackOverflowError | LinkageError failed) {
            generation.close();
            throw RuntimeCamelException.wrapRuntimeCamelException(failed);
        }
    }

    private void start(RouteFiles files, Iterable<CamelContextConfiguration> parts) throws Exception {
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
        camel.getRouteDefinitions().stream().filter(Generation::isSource)
                .forEach(route -> route.setAutoStartup("false"));
        camel.start();
        parts.forEach(part -> part.afterApplicationStart(camel));
    }

    private static boolean isSource(RouteDefinition route) {
        return !CALLED.matcher(route.getInput().getEndpointUri()).lookingAt();
    }

    /** Returns the number of the generation, from 1. */
    public final int number() {
        return number;
    }

    /** Returns the Camel context that runs the routes. */
    public CamelContext camel() {
        return camel;
    }

    /** Returns whether each route is started, by its ID; nothing while the generation itself starts or stops. */
    protected Map<String, Boolean> routes() {
        Map<String, Boolean> routes = new HashMap<>();
        for (RouteDefinition route : camel.isStarted() ? camel.getRouteDefinitions() : List.<RouteDefinition>of()) {
            ServiceStatus status = camel.getRouteController().getRouteStatus(route.getRouteId());
            // A route whose precondition does not hold has no status.
            if (status != null && !isExcluded(route)) {
                routes.put(route.getRouteId(), status.isStarted());
            }
        }
        return routes;
    }

    /** Returns whether {@code camel.main.auto-startup-exclude-pattern} says that nothing starts a route by itself. */
    private boolean isExcluded(RouteDefinition route) {
        String patterns = camel.getAutoStartupExcludePattern();
        return patterns != null && PatternHelper.matchPatterns(route.getInput().getEndpointUri(), patterns.split(","));
    }

    /** Returns whether a route begins exchanges on its own, as that of a timer or a queue does. */
    protected boolean isSource(String route) {
        return isSource(camel.getRouteDefinition(route));
    }

    /** @throws RuntimeException if the route cannot be started */
    protected void start(String route) {
        try {
            if (camel.getRouteController().getRouteStatus(route).isStarted()) {
                ServiceHelper.resumeService(camel.getRoute(route).getConsumer());
            } else {
                camel.getRouteController().startRoute(route);
            }
        } catch (Exception failed) {
            // Unlike at the start of the context, Camel's exception does not name the route.
            throw new RuntimeCamelException(new FailedToStartRouteException(route, failed.getMessage(), failed));
        }
    }

    /** Stops a route. It waits at most a moment for exchanges in flight. */
    protected void stop(String route) {
        // Otherwise Camel waits for an end of the requests in flight while more of them come.
        pause(route);
        try {
            camel.getRouteController().stopRoute(route, 1, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw RuntimeCamelException.wrapRuntimeCamelException(failed);
        }
    }

    /** Lets a route begin no more exchanges, until {@link #start}, and does not wait for those in flight. */
    protected void pause(String route) {
        ServiceHelper.suspendService(camel.getRoute(route).getConsumer());
    }

    /** @param suffix of the name in the console; empty for the active generation */
    protected void showAs(String suffix) {
        mbeans.showAs(camel.getName() + suffix);
    }

    @Override
    public void close() {
        camel.close();
    }

    final void enter() {
        inFlight.incrementAndGet();
    }

    /** Ends a request that {@link Serving#enter} has counted. */
    public final void exit() {
        inFlight.decrementAndGet();
    }

    /** Returns whether a request, or an exchange that its routes have handed on, is still in flight. */
    public boolean isBusy() {
        return inFlight.get() > 0 || camel != null && camel.getInflightRepository().size() > 0;
    }

    /**
     * Lets routes begin exchanges on their own.
     *
     * @param stopped IDs of routes that stay stopped
     * @throws RuntimeException if one cannot be started; none runs then
     */
    final void startSources(Set<String> stopped) {
        hasSources = true;
        try {
            routes().keySet().stream().filter(route -> isSource(route) && !stopped.contains(route))
                    .forEach(this::start);
        } catch (RuntimeException failed) {
            pauseSources();
            throw failed;
        }
        seen.putAll(routes());
    }

    final void pauseSources() {
        hasSources = false;
        routes().forEach((route, isStarted) -> {
            if (isStarted && isSource(route)) {
                pause(route);
            }
        });
    }

    /**
     * Finds what an operator has started or stopped since the last look.
     *
     * @param stopped IDs of the routes that operators have stopped, which this method changes
     * @return whether it has found something
     */
    final boolean follow(Set<String> stopped) {
        boolean found = false;
        for (Map.Entry<String, Boolean> route : routes().entrySet()) {
            boolean isStarted = route.getValue();
            if (Boolean.valueOf(!isStarted).equals(seen.put(route.getKey(), isStarted))) {
                found = true;
                if (isStarted) {
                    stopped.remove(route.getKey());
                } else {
                    stopped.add(route.getKey());
                }
            }
        }
        return found;
    }

    /**
     * Starts and stops routes, so that these are stopped, and sources run only where they may. Compares with what the
     * last look has found, so that what an operator has done since then stays for the next one.
     */
    final void apply(Set<String> stopped) {
        routes().forEach(seen::putIfAbsent);
        seen.replaceAll((route, isStarted) -> {
            boolean starts = !stopped.contains(route) && (hasSources || !isSource(route));
            try {
                if (starts && !isStarted) {
                    start(route);
                } else if (!starts && isStarted) {
                    stop(route);
                }
                return starts;
            } catch (RuntimeException failed) {
                LOG.warn("Route {} of generation {} cannot be {}", route, number, starts ? "started" : "stopped",
                        failed);
                return isStarted;
            }
        });
    }
}
