package org.ccmessaging.filestream.routes;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.ccmessaging.filestream.observe.RouteMeters;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Starts generations, leads each request to one of them, and closes those whose last request has ended. A change of the
 * generations that take requests is one write, so one generation serves a request completely (decision 0024). During a
 * canary, two generations take requests, and the session of a request decides (decision 0028).
 */
@Component
public class Serving {

    private static final long DRAIN_MILLIS = 100;

    private static final int PERCENT = 100;

    /** Spreads hash codes of sessions, which differ in few bits (Knuth, The Art of Computer Programming, 6.4). */
    private static final int SPREAD = 0x9E3779B9;

    private final List<Generation> draining = new CopyOnWriteArrayList<>();
    private final PeriodicTasks thread = new PeriodicTasks("drained-routes", 1);
    private volatile Active active = new Active(null, null, 0);
    private boolean closed;

    /** @param canary {@code null} if one generation takes all requests */
    private record Active(Generation serving, Generation canary, int percent) {

        Generation of(Supplier<?> session) {
            Object name = canary == null ? null : session.get();
            // With the number, so that other sessions are first with the next edit.
            return name != null && ((name.hashCode() + canary.number()) * SPREAD >>> 1) % PERCENT < percent ? canary
                    : serving;
        }

        boolean has(Generation generation) {
            return generation == serving || generation == canary;
        }
    }

    /** Returns the active generation; {@code null} until the first one has started. */
    public Generation current() {
        return active.serving;
    }

    /** Returns the numbers of the generations that end their last requests. */
    public List<Integer> draining() {
        return draining.stream().map(Generation::number).toList();
    }

    /**
     * Enters a request into a generation. The first one has started when Tomcat opens its port. The caller calls
     * {@link Generation#exit} when the last byte of the response has left.
     *
     * @param session returns what names the session of the request; {@code null} if it has none
     */
    public Generation enter(Supplier<?> session) {
        while (true) {
            Active now = active;
            Generation entered = now.of(session);
            entered.enter();
            // A swap writes first and reads the count afterwards. So it sees this request, or this sees the swap.
            if (now == active) {
                return entered;
            }
            entered.exit();
        }
    }

    /**
     * Starts a generation and activates it, or makes it the canary. It replaces the canary before it. Requests that
     * have entered another generation end there. Routes that an operator has stopped stay so. A generation that cannot
     * be started changes nothing.
     *
     * @param number counts up from 1
     * @param percent share of the sessions that a canary gets; 100 activates the generation
     * @throws IllegalStateException if the service stops
     */
    public synchronized void serve(int number, RouteFiles files, int percent, ApplicationContext application) {
        if (closed) {
            throw new IllegalStateException("the service stops");
        }
        boolean first = current() == null;
        Generation next = Generation.start(number, files, stopped(), percent == PERCENT, application);
        activate(percent == PERCENT ? new Active(next, null, 0) : new Active(current(), next, percent), application);
        if (first) {
            thread.scheduleWithFixedDelay(this::closeIdle, DRAIN_MILLIS, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Activates the canary. Routes that begin exchanges on their own, such as timers, start now. */
    public synchronized void promote(ApplicationContext application) {
        active.canary.startSources(stopped());
        activate(new Active(active.canary, null, 0), application);
    }

    /** Ends the canary. The active generation takes all requests. */
    public synchronized void withdraw(ApplicationContext application) {
        activate(new Active(active.serving, null, 0), application);
    }

    private void activate(Active next, ApplicationContext application) {
        Active before = active;
        active = next;
        String name = next.serving.camel().getName();
        Stream.of(before.serving, before.canary).filter(each -> each != null && !next.has(each)).forEach(each -> {
            each.showAs(name + "-draining-" + each.number());
            draining.add(each);
        });
        next.serving.showAs(name);
        if (next.canary != null) {
            next.canary.showAs(name + "-canary-" + next.canary.number());
        }
        application.getBean(RouteMeters.class).serve(next.serving.camel());
    }

    /** Returns the IDs of routes that somebody has stopped or suspended, and none while the service stops them all. */
    public List<String> stopped() {
        Generation serving = current();
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
        Stream.of(draining.stream(), Stream.of(active.canary, active.serving)).flatMap(each -> each)
                .filter(Objects::nonNull).forEach(Generation::close);
        draining.clear();
    }
}
