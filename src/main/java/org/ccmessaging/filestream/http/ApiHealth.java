package org.ccmessaging.filestream.http;

import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Health contributor {@code api} of readiness: up while Camel and every {@code platform-http} route are started, or
 * during a reload. Liveness excludes the contributor, because a restart would start a route that an operator has
 * stopped.
 */
@Component("apiHealthIndicator")
record ApiHealth(CamelContext camel, RequestGate gate) implements HealthIndicator {

    @Override
    public Health health() {
        Health.Builder health = camel.isStarted() ? Health.up() : Health.down();
        for (Route route : camel.getRoutes()) {
            if (route.getEndpoint() instanceof PlatformHttpEndpoint) {
                ServiceStatus status = camel.getRouteController().getRouteStatus(route.getRouteId());
                if (status != null) {
                    health.withDetail(route.getRouteId(), status.name());
                    if (!status.isStarted()) {
                        health.down();
                    }
                }
            }
        }
        // Reports up during a reload of the routes, because requests wait at the gate.
        return camel.isStarted() && gate.isClosed() ? Health.up().build() : health.build();
    }
}
