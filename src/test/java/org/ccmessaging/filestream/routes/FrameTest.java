package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose folder of routes has no file of the frame. */
@Tag("service")
class FrameTest {

    private static final List<String> FILES =
            List.of("download-file-stream", "failure-outcome", "read-filesystem", "read-s3", "tokens");

    @Test
    void folderWithoutTheFrameServesFilesTokensAndFurtherPaths(@TempDir Path folder) throws Exception {
        OwnRoutes routes = new OwnRoutes(folder.resolve("routes"));
        for (String file : FILES) {
            Files.delete(routes.folder().resolve(file + ".camel.yaml"));
        }
        try (Stage stage = new Stage(Stage.Kind.S3, Map.of("filestream.routes.directory", routes.folder(),
                "filestream.routes.entry-points", "/files/download"))) {
            stage.put("standard", "a.txt", Stage.content(100));
            byte[] request = Api.request("standard", "a.txt").getBytes();

            Answer token = stage.api().post(Api.TOKEN_BY_AK_SK,
                    "{\"app_key\":\"demo-app\",\"app_secret\":\"demo-secret\"}".getBytes());
            Api undescribed = new Api(stage.api().base());
            Answer further = undescribed.post("/files/download", request, Api.credentials());
            Answer refused = undescribed.post("/files/download", request);

            assertThat(stage.api().download(Api.request("standard", "a.txt")).file()).isEqualTo(Stage.content(100));
            assertThat(further.file()).isEqualTo(Stage.content(100));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(token.json().get("AccessToken").asText()).isNotEmpty();
        }
    }
}
