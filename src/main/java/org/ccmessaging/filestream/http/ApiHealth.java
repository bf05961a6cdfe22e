package org.ccmessaging.filestream.http;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.Serving;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Health contributor {@code api}: down unless every route that takes requests runs, because a load balancer should not
 * send requests that can only get 503. Readiness includes it, liveness does not: the process is well, and restarting it
 * would undo what an operator did. A branch that is stopped is no matter of this contributor, because the others serve;
 * its storage is none either (decision 0036).
 */
@Component("apiHealthIndicator")
class ApiHealth implements HealthIndicator {

    private final Serving serving;

    ApiHealth(Serving serving) {
        this.serving = serving;
    }

    @Override
    public Health health() {
        Generation generation = serving.current();
        return generation == null ? Health.down().build() : health(generation.camel());
    }

    private static Health health(CamelContext camel) {
        List<Route> entries = camel.getRoutes().stream()
                .filter(route -> route.getEndpoint() instanceof PlatformHttpEndpoint).toList();
        Health.Builder health = camel.isStarted() && !entries.isEmpty() ? Health.up() : Health.down();
        for (Route route : entries) {
            ServiceStatus status = camel.getRouteController().getRouteStatus(route.getRouteId());
            health.withDetail(route.getRouteId(), status.name());
            if (!status.isStarted()) {
                health.down();
            }
        }
        return health.build();
    }
}
