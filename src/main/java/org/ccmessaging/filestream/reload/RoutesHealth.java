package org.ccmessaging.filestream.reload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.Serving;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/**
 * Component {@code routes} of {@code /actuator/health} and part {@code routes} of {@code /actuator/info}.
 *
 * <p>The component shows the active generation, which of its routes somebody has stopped, and the last set that was
 * rejected. It is down while a route is stopped. A rejected set leaves it up, because that changes nothing for
 * customers. No probe includes it (decision 0021). By the checksums in the other part operators compare replicas.
 */
@Component("routesHealthIndicator")
class RoutesHealth implements HealthIndicator, InfoContributor {

    private final LiveRoutes live;
    private final Serving generations;
    private final FirstGeneration first;

    RoutesHealth(LiveRoutes live, Serving generations, FirstGeneration first) {
        this.live = live;
        this.generations = generations;
        this.first = first;
    }

    @Override
    public Health health() {
        Status status = live.status();
        Health.Builder health = Health.up()
                .withDetail("generation", status.serving().number())
                .withDetail("sha256", status.serving().sha256())
                .withDetail("since", status.serving().since())
                .withDetail("by", status.serving().by())
                .withDetail("filesDiffer", status.filesDiffer());
        List<String> stopped = Generations.stopped(generations.current());
        if (!stopped.isEmpty()) {
            health.down().withDetail("stopped", stopped);
        }
        if (status.note() != null) {
            health.withDetail("note", status.note());
        }
        if (status.rejected() != null) {
            health.withDetail("rejected", status.rejected());
        }
        return health.build();
    }

    @Override
    public void contribute(Info.Builder info) {
        Status status = live.status();
        Map<String, Object> routes = new LinkedHashMap<>();
        routes.put("directory", first.files().folder().toString());
        routes.put("sha256", status.filesSha256());
        routes.put("sha256AtStart", first.files().sha256());
        routes.put("generation", status.serving().number());
        routes.put("servingSha256", status.serving().sha256());
        info.withDetail("routes", routes);
    }
}
