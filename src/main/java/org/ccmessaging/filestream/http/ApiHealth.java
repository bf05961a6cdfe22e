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
 * Health contributor {@code api}: up while every {@code platform-http} route is started. Requests to a stopped route
 * get 503, so a load balancer should send them to another replica. Readiness includes this contributor. Liveness does
 * not, because a restart would start a route that an operator has stopped. The contributor ignores a branch that is
 * stopped or whose storage is down, because the other branches still work (decision 0021).
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
        // A reload stops the routes for a moment. The API stays up, because requests wait at the gate.
        return camel.isStarted() && gate.isClosed() ? Health.up().build() : health.build();
    }
}
