package org.ccmessaging.filestream.reload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.Serving;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Component {@code routes} of {@code /actuator/health} and part {@code routes} of {@code /actuator/info}.
 *
 * <p>The component is down while a route is stopped. A rejected set leaves it up, because that changes nothing for
 * customers. No probe includes it (decision 0021). Operators compare replicas by the checksums in the info.
 */
@Component("routesHealthIndicator")
record RoutesHealth(LiveRoutes live, Serving generations, Reload reload) implements HealthIndicator, InfoContributor {

    @Override
    public Health health() {
        Status status = live.status();
        List<String> stopped = generations.stopped();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("generation", status.serving().number());
        details.put("sha256", status.serving().sha256());
        details.put("since", status.serving().since());
        details.put("by", status.serving().by());
        details.put("canary", status.canary() == null ? null : status.canary().number());
        details.put("filesDiffer", status.filesDiffer());
        details.put("stopped", stopped.isEmpty() ? null : stopped);
        details.put("note", status.note());
        details.put("rejected", status.rejected());
        details.values().removeIf(Objects::isNull);
        return (stopped.isEmpty() ? Health.up() : Health.down()).withDetails(details).build();
    }

    @Override
    public void contribute(Info.Builder info) {
        Status status = live.status();
        Map<String, Object> routes = new LinkedHashMap<>();
        routes.put("directory", reload.first().folder().toString());
        routes.put("sha256", status.filesSha256());
        routes.put("sha256AtStart", reload.first().sha256());
        routes.put("generation", status.serving().number());
        routes.put("servingSha256", status.serving().sha256());
        info.withDetail("routes", routes);
    }
}
