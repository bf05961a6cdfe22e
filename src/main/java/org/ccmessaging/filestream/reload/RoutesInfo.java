package org.ccmessaging.filestream.reload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/**
 * Part {@code routes} of {@code /actuator/info}: the generation that serves, and the checksums of its files, of those
 * in the folder, and of those at the start. Operators compare replicas by them.
 * {@code cat routes/*.camel.yaml | sha256sum} prints the same.
 */
@Component
class RoutesInfo implements InfoContributor {

    private final RouteFiles atStart;
    private final LiveRoutes live;

    RoutesInfo(FirstGeneration first, LiveRoutes live) {
        this.atStart = first.files();
        this.live = live;
    }

    @Override
    public void contribute(Info.Builder info) {
        Status status = live.status();
        Map<String, Object> routes = new LinkedHashMap<>();
        routes.put("directory", atStart.folder().toString());
        routes.put("sha256", status.filesSha256());
        routes.put("sha256AtStart", atStart.sha256());
        routes.put("generation", status.serving().number());
        routes.put("servingSha256", status.serving().sha256());
        info.withDetail("routes", routes);
    }
}
