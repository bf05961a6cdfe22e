package org.ccmessaging.filestream.http;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Health contributor {@code api} of readiness: up while {@code platform-http} routes exist and all are started, or
 * during a reload. Liveness excludes the contributor, because a restart would start a route that an operator has
 * stopped.
 */
@Component("apiHealthIndicator")
record ApiHealth(CamelContext camel, RequestGate gate) implements HealthIndicator {

    @Override
    public Health health() {
        // Reports up during a reload of the routes, because requests wait at the gate.
        if (camel.isStarted() && gate.isClosed()) {
            return Health.up().build();
        }
        List<Route> routes = camel.getRoutes().stream()
                .filter(route -> route.getEndpoint() instanceof PlatformHttpEndpoint).toList();
        Health.Builder health = camel.isStarted() && !routes.isEmpty() ? Health.up()
                : Health.down().withDetail("routes", "no routes are active");
        for (Route route : routes) {
            ServiceStatus status = camel.getRouteController().getRouteStatus(route.getRouteId());
            if (status != null) {
                health.withDetail(route.getRouteId(), status.name());
                if (!status.isStarted()) {
                    health.down();
                }
            }
        }
        return health.build();
    }
}
