package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder on a mount that hangs delays only those who need its files. */
@Tag("service")
class HungFolderTest {

    @Test
    void stateHealthAndRequestsDoNotWaitForTheFolder(@TempDir Path temp) throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(temp.resolve("routes")));
        HangingFolder mount = new HangingFolder(routes.folder());
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory", mount.path(),
                "filestream.routes.live-reload", true))) {
            mount.hang();
            try {
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                    assertThat(stage.service().bean(LiveRoutes.class).state().stopped()).isNull();
                    assertThat(stage.service().management().get("/actuator/health").text()).contains("\"UP\"");
                    assertThat(new Api(stage.api().base()).download("{}", "x-app-key", "nobody").status())
                            .isEqualTo(401);
                });
            } finally {
                mount.comeBack();
            }
        }
    }
}
