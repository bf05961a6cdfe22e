package org.ccmessaging.filestream.settings;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.ObjectUtils;

/**
 * Settings of the route files.
 *
 * @param directory the folder of the {@code *.camel.yaml} files, relative to the working directory or absolute
 * @param liveReload whether a running service loads changed files without {@code POST /actuator/routes}
 */
@ConfigurationProperties(prefix = "filestream.routes", ignoreUnknownFields = false)
public record RoutesSettings(Path directory, boolean liveReload) {

    /** @throws InvalidSettingException if the folder is missing or has no route file */
    public RoutesSettings {
        String[] routes = directory == null ? null
                : directory.toAbsolutePath().toFile().list((folder, name) -> name.endsWith(".camel.yaml"));
        SettingChecks.refuseIf(ObjectUtils.isEmpty(routes), "filestream.routes.directory", directory,
                "a folder with *.camel.yaml files, but there is none at "
                        + (directory == null ? "(nowhere)" : directory.toAbsolutePath().normalize())
                        + " (working directory " + Path.of("").toAbsolutePath() + ")");
    }
}
