package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every response with status 429 or 503 counts by its reason, whatever refused the download. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedDownloadsTest {

    private static final String THROTTLE = """
                    - filter:
                        id: only-the-throttled
                        description: A test downloads these.
                        steps:
                          - throttle:
                              id: throttle-some
                              description: Permits a download an hour. Fails with 429.
                              constant:
                                expression: "1"
                              rejectExecution: true
                              timePeriodMillis: "3600000"
                        simple:
                          expression: ${variable.request.fileId} startsWith 'throttled'
            """;

    /** The code is another one than the status. */
    private static final String CLAUSE = """
            - onException:
                id: later
                description: A file that is missing may come later.
                exception: [org.ccmessaging.filestream.failure.ObjectNotFoundException]
                handled: {constant: {expression: "true"}}
                steps:
                  - setHeaders:
                      id: tell-later
                      description: Sets status, code and text of the response.
                      headers:
                        - {name: CamelHttpResponseCode, constant: {expression: "503"}}
                        - {name: resultCode, constant: {expression: "13"}}
                        - {name: resultDesc, constant: {expression: later}}
                  - process: {id: respond-later, description: Creates the JSON response., ref: respond}
            """;

    @TempDir
    private static Path folder;
    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        routes.replace("choose-storage", "        - choice:\n            id: choose-branch\n",
                THROTTLE + "        - choice:\n            id: choose-branch\n");
        routes.replace("result-codes",
                "org.ccmessaging.filestream.failure.ObjectNotFoundException,\n            ", "");
        routes.addClause(CLAUSE);
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory", routes.folder().toString()));
        stage.put("standard", "throttled.txt", Stage.content(100));
    }

    private double counted(String reason) {
        return stage.metric("filestream_downloads_refused_total{reason=\"" + reason + "\"}");
    }

    private void assertRefused(int status, String reason, String file) {
        assertRefused(stage.api(), status, reason, file);
    }

    private void assertRefused(Api api, int status, String reason, String file) {
        double before = counted(reason);
        assertThat(api.download(request("standard", file)).status()).isEqualTo(status);
        await().until(() -> counted(reason) == before + 1);
    }

    @Test
    void downloadThatAStepThrottlesCountsAndItsLineHasTheReason() {
        assertThat(stage.api().download(request("standard", "throttled.txt")).status()).isEqualTo(200);
        try (LoggedLines lines = new LoggedLines(DownloadLog.NAME)) {
            assertRefused(429, "throttle", "throttled.txt");

            await().untilAsserted(() -> assertThat(lines.list()).map(line -> line.getKeyValuePairs().toString())
                    .anyMatch(line -> line.contains("resultCode=\"429\"") && line.contains("reason=\"throttle: ")));
        }
    }

    @Test
    void statusThatAnEditedClauseGivesCountsAsTheRoutes() {
        // The interface description knows no such response.
        assertRefused(new Api(stage.api().base()), 503, "route", "nowhere.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"download-file-stream", "storage-standard", "read-filesystem"})
    void downloadOfAStoppedRouteCounts(String route) throws Exception {
        RouteController routes = stage.service().bean(CamelContext.class).getRouteController();
        routes.stopRoute(route);
        try {
            assertRefused(503, "stopped", "hello.txt");
        } finally {
            routes.startRoute(route);
        }
    }
}
