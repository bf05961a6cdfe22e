package org.ccmessaging.filestream.routes;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A set of route files that serves requests. A request enters at the HTTP edge, and the generation that it has entered
 * serves it to its end (decision 0024). {@link Serving} decides which routes are started.
 */
public abstract class Generation implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    private final int number;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** The routes at the last look: true if started. */
    private final Map<String, Boolean> seen = new HashMap<>();

    private boolean hasSources;

    /** @param number counts up from 1 */
    protected Generation(int number) {
        this.number = number;
    }

    /** Returns the number of the generation, from 1. */
    public final int number() {
        return number;
    }

    /** Returns the Camel context that runs the routes. */
    public abstract CamelContext camel();

    /** Returns whether each route is started, by its ID; nothing while the generation itself starts or stops. */
    protected abstract Map<String, Boolean> routes();

    /** Returns whether a route begins exchanges on its own, as that of a timer or a queue does. */
    protected abstract boolean isSource(String route);

    /** @throws RuntimeException if the route cannot be started */
    protected abstract void start(String route);

    /** Stops a route. It waits at most a moment for exchanges in flight. */
    protected abstract void stop(String route);

    /** Lets a route begin no more exchanges, until {@link #start}, and does not wait for those in flight. */
    protected abstract void pause(String route);

    /** @param suffix of the name in the console; empty for the active generation */
    protected abstract void showAs(String suffix);

    @Override
    public abstract void close();

    final void enter() {
        inFlight.incrementAndGet();
    }

    /** Ends a request that {@link Serving#enter} has counted. */
    public final void exit() {
        inFlight.decrementAndGet();
    }

    /** Returns whether a request, or an exchange that its routes have handed on, is still in flight. */
    public boolean isBusy() {
        return inFlight.get() > 0;
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

    /** Starts and stops routes, so that these are stopped, and sources run only where they may. */
    final void apply(Set<String> stopped) {
        routes().forEach((route, isStarted) -> {
            boolean starts = !stopped.contains(route) && (hasSources || !isSource(route));
            try {
                if (starts && !isStarted) {
                    start(route);
                } else if (!starts && isStarted) {
                    stop(route);
                }
            } catch (RuntimeException failed) {
                LOG.warn("Route {} of generation {} cannot be {}", route, number, starts ? "started" : "stopped",
                        failed);
            }
        });
        seen.putAll(routes());
    }
}
