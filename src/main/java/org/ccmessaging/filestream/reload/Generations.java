package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.ccmessaging.filestream.observe.RouteMeters;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Starts a generation beside the active one, swaps them, and closes generations whose last request has ended (decision
 * 0024).
 */
@Component
class Generations {

    private static final long DRAIN_MILLIS = 100;

    private final ApplicationContext application;
    private final Serving serving;
    private final RouteMeters meters;
    private final List<Generation> draining = new CopyOnWriteArrayList<>();
    private final PeriodicTasks thread = new PeriodicTasks("drained-routes", 1);
    private boolean closed;

    Generations(ApplicationContext application, Serving serving, RouteMeters meters) {
        this.application = application;
        this.serving = serving;
        this.meters = meters;
        thread.scheduleWithFixedDelay(this::closeIdle, DRAIN_MILLIS, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    List<Integer> draining() {
        return draining.stream().map(Generation::number).toList();
    }

    /** Routes that an operator has stopped stay so. A generation that cannot be started changes nothing. */
    synchronized void serve(int number, RouteFiles files) {
        if (closed) {
            throw new IllegalStateException("the service stops");
        }
        Generation next = Generation.start(number, files, stopped(serving.current()), application);
        Generation before = serving.swap(next);
        meters.serve(next.camel());
        if (before != null) {
            draining.add(before);
        }
    }

    /** Returns the IDs of routes that somebody has stopped or suspended, and none while the service stops them all. */
    static List<String> stopped(Generation generation) {
        return generation == null || !generation.camel().isStarted() ? List.of() : generation.camel().getRoutes()
                .stream().filter(route -> !RouteMeters.isStarted(route)).map(Route::getRouteId).sorted().toList();
    }

    private void closeIdle() {
        for (Generation each : draining) {
            if (!each.isBusy()) {
                try {
                    each.close();
                } finally {
                    draining.remove(each);
                }
            }
        }
    }

    /** Closes all generations. No other starts after that. */
    synchronized void close() {
        closed = true;
        thread.shutdown();
        Stream.concat(draining.stream(), Stream.ofNullable(serving.current())).forEach(Generation::close);
        draining.clear();
    }
}
