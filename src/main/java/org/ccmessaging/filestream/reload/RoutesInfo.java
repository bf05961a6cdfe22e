package org.ccmessaging.filestream.reload;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.settings.RoutesSettings;
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

    private final Path directory;
    private final String atStart;
    private final LiveRoutes live;

    RoutesInfo(RoutesSettings settings, LiveRoutes live) {
        this.directory = settings.directory();
        this.atStart = RouteFiles.read(directory).sha256();
        this.live = live;
    }

    @Override
    public void contribute(Info.Builder info) {
        Status status = live.status();
        Map<String, Object> routes = new LinkedHashMap<>();
        routes.put("directory", directory.toString());
        routes.put("sha256", status.filesSha256());
        routes.put("sha256AtStart", atStart);
        routes.put("generation", status.serving().number());
        routes.put("servingSha256", status.serving().sha256());
        info.withDetail("routes", routes);
    }
}
