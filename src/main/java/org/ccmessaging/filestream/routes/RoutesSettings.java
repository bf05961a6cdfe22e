package org.ccmessaging.filestream.routes;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the YAML routes are.
 *
 * @param directory the folder of the {@code *.camel.yaml} files, relative to the working directory or absolute
 * @param liveReload not in this version: only {@code false} is accepted
 */
@ConfigurationProperties(prefix = "filestream.routes", ignoreUnknownFields = false)
public record RoutesSettings(Path directory, boolean liveReload) {

    /**
     * @throws InvalidSettingException if the folder is missing or holds no route file, or {@code live-reload} is true
     */
    public RoutesSettings {
        if (directory == null || !holdsRoutes(directory)) {
            throw new InvalidSettingException("filestream.routes.directory", directory,
                    "a folder with *.camel.yaml files, but there is none at "
                            + (directory == null ? "(nowhere)" : directory.toAbsolutePath().normalize())
                            + " (working directory " + Path.of("").toAbsolutePath() + ")");
        }
        if (liveReload) {
            throw new InvalidSettingException("filestream.routes.live-reload", true,
                    "false: this version reads the routes at start; restart it to load an edit");
        }
    }

    private static boolean holdsRoutes(Path directory) {
        try (DirectoryStream<Path> routes = Files.newDirectoryStream(directory, "*.camel.yaml")) {
            return routes.iterator().hasNext();
        } catch (IOException missing) {
            return false;
        }
    }
}
