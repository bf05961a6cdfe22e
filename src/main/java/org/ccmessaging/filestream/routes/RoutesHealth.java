package org.ccmessaging.filestream.routes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Reports {@code DOWN} while a route is stopped, or no routes are active. Rejected files alone do not matter. */
@Component("routesHealthIndicator")
record RoutesHealth(LiveRoutes live) implements HealthIndicator {

    @Override
    public Health health() {
        RoutesState state = live.state();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("sha256", state.sha256());
        details.put("since", state.since());
        details.put("by", state.by());
        details.put("filesDiffer", state.filesDiffer());
        details.put("waits", state.waits());
        details.put("rejected", state.rejected());
        details.put("stopped", state.stopped().isEmpty() ? null : state.stopped());
        details.values().removeIf(Objects::isNull);
        return (state.stopped().isEmpty() ? Health.up() : Health.down()).withDetails(details).build();
    }
}
