package org.ccmessaging.filestream.routes;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.ccmessaging.filestream.observe.RouteMeters;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Starts a generation beside the active one, swaps them, and closes generations whose last request has ended. A swap is
 * one write, so one generation serves a request completely, either the previous or the next one (decision 0024).
 */
@Component
public class Serving {

    private static final long DRAIN_MILLIS = 100;

    private final List<Generation> draining = new CopyOnWriteArrayList<>();
    private final PeriodicTasks thread = new PeriodicTasks("drained-routes", 1);
    private volatile Generation serving;
    private boolean closed;

    /** Returns the active generation; {@code null} until the first one has started. */
    public Generation current() {
        return serving;
    }

    /** Returns the numbers of the generations that end their last requests. */
    public List<Integer> draining() {
        return draining.stream().map(Generation::number).toList();
    }

    /**
     * Enters a request into the active generation. The first one has started when Tomcat opens its port. The caller
     * calls {@link Generation#exit} when the last byte of the response has left.
     */
    public Generation enter() {
        while (true) {
            Generation entered = serving;
            entered.enter();
            // A swap writes first and reads the count afterwards. So it sees this request, or this sees the swap.
            if (entered == serving) {
                return entered;
            }
            entered.exit();
        }
    }

    /**
     * Starts and activates a generation. Requests that have entered the previous one end there. Routes that an operator
     * has stopped stay so. A generation that cannot be started changes nothing.
     *
     * @param number counts up from 1
     * @throws IllegalStateException if the service stops
     */
    public synchronized void serve(int number, RouteFiles files, ApplicationContext application) {
        if (closed) {
            throw new IllegalStateException("the service stops");
        }
        Generation before = serving;
        Generation next = Generation.start(number, files, stopped(), application);
        serving = next;
        String name = next.camel().getName();
        if (before != null) {
            before.showAs(name + "-draining-" + before.number());
        }
        next.showAs(name);
        application.getBean(RouteMeters.class).serve(next.camel());
        if (before == null) {
            thread.scheduleWithFixedDelay(this::closeIdle, DRAIN_MILLIS, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            draining.add(before);
        }
    }

    /** Returns the IDs of routes that somebody has stopped or suspended, and none while the service stops them all. */
    public List<String> stopped() {
        return serving == null || !serving.camel().isStarted() ? List.of() : serving.camel().getRoutes().stream()
                .filter(route -> !RouteMeters.isStarted(route)).map(Route::getRouteId).sorted().toList();
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
    public synchronized void close() {
        closed = true;
        thread.shutdown();
        Stream.concat(draining.stream(), Stream.ofNullable(serving)).forEach(Generation::close);
        draining.clear();
    }
}
