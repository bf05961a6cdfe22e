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
 * Health contributor {@code api}: up while every route of a path is started. Otherwise requests get 503, and a load
 * balancer should send them elsewhere. Readiness includes this contributor. Liveness does not, because a restart would
 * undo what an operator did. A stopped branch or its storage does not count, because the other branches still work
 * (decision 0021).
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
        // A reload stops all routes for a moment, in which requests wait at the gate.
        return camel.isStarted() && gate.isClosed() ? Health.up().build() : health.build();
    }
}
