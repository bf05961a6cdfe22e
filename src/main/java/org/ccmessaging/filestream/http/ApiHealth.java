package org.ccmessaging.filestream.http;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.ccmessaging.filestream.routes.Serving;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Health contributor {@code api}: up while every path of the contract has a route and every route of a path is started.
 * Otherwise requests get 404 or 503, and a load balancer should send them elsewhere. Readiness includes this
 * contributor. Liveness does not, because a restart would undo what an operator did. A stopped branch or its storage
 * does not count, because the other branches still work (decision 0021).
 */
@Component("apiHealthIndicator")
class ApiHealth implements HealthIndicator {

    private static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";

    private final Serving serving;
    private final List<String> paths;

    ApiHealth(Serving serving, @Value("${filestream.auth.token-endpoints}") boolean tokens) {
        this.serving = serving;
        this.paths = tokens ? List.of(DOWNLOAD, "/apigovernance/api/oauth/tokenByAkSk",
                "/apiaccess/ccmessaging/applyToken") : List.of(DOWNLOAD);
    }

    @Override
    public Health health() {
        CamelContext camel = serving.current().camel();
        List<Route> entries = camel.getRoutes().stream()
                .filter(route -> route.getEndpoint() instanceof PlatformHttpEndpoint).toList();
        Health.Builder health = camel.isStarted() ? Health.up() : Health.down();
        paths.stream().filter(path -> entries.stream().noneMatch(
                        route -> ((PlatformHttpEndpoint) route.getEndpoint()).getPath().equals(path)))
                .forEach(path -> health.down().withDetail(path, "no route"));
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
