package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.support.LifecycleStrategySupport;
import org.springframework.stereotype.Component;

/**
 * Tells of each route whether it is started: gauge {@code filestream_route_up}. Camel's own meters count routes, and
 * count one that somebody stops and starts twice.
 */
@Component
class RouteMeters extends LifecycleStrategySupport {

    /** A route that the service knows, and its gauge. */
    private record Known(Route route, Meter.Id gauge) {
    }

    private final MeterRegistry meters;
    private final Map<String, Known> routes = new ConcurrentHashMap<>();

    RouteMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Camel calls it whenever routes start, for the first time or again. */
    @Override
    public void onRoutesAdd(Collection<Route> started) {
        started.forEach(route -> routes.compute(route.getRouteId(), (id, known) -> {
            if (known != null) {
                meters.remove(known.gauge());
            }
            return new Known(route, Gauge.builder("filestream.route.up", route, RouteMeters::up).tag("routeId", id)
                    .description("1 if the route is started, 0 if it is stopped or suspended")
                    .register(meters).getId());
        }));
    }

    /** Leaves the gauge of a route that another one of the same name has replaced. */
    @Override
    public void onRoutesRemove(Collection<Route> removed) {
        removed.forEach(route -> routes.computeIfPresent(route.getRouteId(), (id, known) -> {
            if (known.route() != route) {
                return known;
            }
            meters.remove(known.gauge());
            return null;
        }));
    }

    private static double up(Route route) {
        ServiceStatus status = route.getCamelContext().getRouteController().getRouteStatus(route.getRouteId());
        return status != null && status.isStarted() ? 1 : 0;
    }
}
