package org.ccmessaging.filestream.reload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ccmessaging.filestream.reload.LiveRoutes.Rejection;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Component {@code routes} of {@code /actuator/health}: the generation that serves, and the last set that was rejected.
 * It is always up, because a rejected set changes nothing for customers.
 */
@Component("routesHealthIndicator")
class RoutesHealth implements HealthIndicator {

    private final LiveRoutes live;

    RoutesHealth(LiveRoutes live) {
        this.live = live;
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
        if (status.note() != null) {
            health.withDetail("note", status.note());
        }
        if (status.rejected() != null) {
            health.withDetail("rejected", details(status.rejected()));
        }
        return health.build();
    }

    private static Map<String, Object> details(Rejection rejected) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("stage", rejected.stage());
        details.put("at", rejected.at());
        details.put("by", rejected.by());
        details.put("sha256", rejected.sha256());
        details.put("errors", rejected.errors());
        return details;
    }
}
