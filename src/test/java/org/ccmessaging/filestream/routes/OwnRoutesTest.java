package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service with routes of an installation: two branches more, by one setting group, one route file and one {@code
 * when} for each; a clause of one route; and a failure that a route catches.
 */
@Tag("service")
class OwnRoutesTest {

    /** The only branch of type s3, and so the only reason for route read-s3. */
    private static final String ARCHIVE = "archive";
    private static final String VAULT = "old-files-2";
    private static final byte[] FILE = Stage.content(200_000);
    private static final byte[] SECRET = Stage.CANARY.getBytes(StandardCharsets.UTF_8);

    private static final String CLAUSE_OF_LOCAL = """
            - onException:
                id: not-in-local-storage
                exception: [org.ccmessaging.filestream.failure.ObjectNotFoundException]
                onWhen: {simple: {expression: "${routeId} == 'storage-local'"}}
                handled: {constant: {expression: "true"}}
                steps:
                  - setHeader: {id: own-status, name: CamelHttpResponseCode, constant: {expression: "200"}}
                  - setHeader: {id: own-code, name: resultCode, constant: {expression: "13"}}
                  - setHeader: {id: own-desc, name: resultDesc, constant: {expression: the route's own}}
                  - process: {id: own-respond, ref: respond}
            """;

    private static final String OPEN_IN_VAULT = """
            - to: {id: open-old-files-2, uri: "direct:read-{{filestream.storage.old-files-2.type}}"}
            """;

    private static final String OPEN_IN_VAULT_OR_STANDARD_STORAGE = """
            - doTry:
                id: try-vault
                steps:
                  - to: {id: open-old-files-2, uri: "direct:read-filesystem"}
                doCatch:
                  - id: not-in-vault
                    exception: [org.ccmessaging.filestream.failure.ObjectNotFoundException]
                    steps:
                      - to: {id: open-in-standard-storage, uri: "direct:storage-standard"}
            """;

    @TempDir
    private static Path folder;

    @AutoClose
    private static EmbeddedS3 s3;
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        Map<String, Object> settings = new HashMap<>();
        for (String branch : List.of(ARCHIVE, VAULT)) {
            routes.choose(branch);
            routes.addStorage(branch);
            settings.put("filestream.storage." + branch + ".key", "${variable.tenantId}/${variable.objectKey}");
        }
        routes.replace("storage-old-files-2", OPEN_IN_VAULT.indent(8), OPEN_IN_VAULT_OR_STANDARD_STORAGE.indent(8));
        String clause = "      - onException:\n          id: file-service-refused\n";
        routes.replace("result-codes", clause, CLAUSE_OF_LOCAL.indent(6) + clause);
        s3 = EmbeddedS3.inMemory(List.of("bucket-of-the-archive"));
        settings.putAll(s3.settings());
        settings.putAll(Map.of("filestream.storage.archive.type", "s3",
                "filestream.storage.archive.bucket", "bucket-of-the-archive",
                "filestream.storage.old-files-2.type", "filesystem",
                "filestream.storage.old-files-2.root", folder.resolve("vault").toString(),
                "filestream.routes.directory", routes.folder().toString()));
        s3.put("bucket-of-the-archive", "demo/a.bin", FILE);
        s3.put("bucket-of-the-archive", "other/a.bin", SECRET);
        for (String tenant : List.of("demo", "other")) {
            Path home = Files.createDirectories(folder.resolve("vault").resolve(tenant));
            Files.write(home.resolve("a.bin"), tenant.equals("demo") ? FILE : SECRET);
        }
        stage = new Stage(Stage.Kind.FILESYSTEM, settings);
        stage.put("standard", "old-files-2/spare.bin", FILE);
    }

    private static Answer download(String fileId) {
        return stage.api().download(Api.request(fileId, "txt", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {ARCHIVE, VAULT})
    void branchServesItsFilesUnderItsNameInMetrics(String branch) {
        assertThat(download(branch + "/a.bin").file()).isEqualTo(FILE);
        assertThat(download(branch + "/b.bin").text()).isEqualTo(FILE_SERVICE_REFUSED);
        assertThat(download(branch + "/").text()).isEqualTo(OBJECT_KEY_MISSING);
        assertThat(stage.metrics()).contains(
                "filestream_downloads_total{branch=\"" + branch + "\",cause=\"none\",resultCode=\"0\"}",
                "filestream_download_bytes_total{branch=\"" + branch + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../other/a.bin", "/other/a.bin", "/%2e%2e/other/a.bin",
        "/${variable.tenantId}/../other/a.bin"})
    void noOtherTenantsFileIsInReach(String key) {
        for (String branch : List.of(ARCHIVE, VAULT)) {
            assertThat(download(branch + key).text()).isEqualTo(FILE_SERVICE_REFUSED);
        }
    }

    @Test
    void healthOfTheStoragesHasTheBranches() {
        // A store that is asked for the first time may need longer than a probe waits.
        await().until(() -> stage.service().management().get("/actuator/health/storage").status() == 200);
        JsonNode branches = stage.service().management().get("/actuator/health/storage").json()
                .at("/components/storages/components");

        assertThat(branches.fieldNames()).toIterable()
                .containsExactlyInAnyOrder("local", "multimedia-library", "standard", ARCHIVE, VAULT);
        assertThat(branches.at("/archive/status").asText()).isEqualTo("UP");
        assertThat(branches.at("/archive/details/circuit").asText()).isEqualTo("closed");
        assertThat(branches.at("/old-files-2/status").asText()).isEqualTo("UP");
    }

    @Test
    void clauseOfARouteSaysWhatAMissingFileMeansToThatRouteOnly() {
        // The interface description knows no such text.
        assertThat(new Api(stage.api().base()).download(Api.request("local/a.txt", "txt", null)).text())
                .isEqualTo("{\"resultCode\":\"13\",\"resultDesc\":\"the route's own\"}");
        assertThat(download("a.txt").text()).isEqualTo(FILE_SERVICE_REFUSED);
    }

    @Test
    void failureThatARouteGotOverIsNoneOfTheDownloads() {
        assertThat(download("old-files-2/spare.bin").file()).isEqualTo(FILE);

        await().until(() -> stage.metric(
                "filestream_downloads_total{branch=\"standard\",cause=\"none\",resultCode=\"0\"}") == 1);
    }
}
