package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A mount that hangs delays only the operations that need the files of its folder. */
@Tag("service")
@Execution(ExecutionMode.CONCURRENT)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Journal", texts = "are not tried")
class HungFolderTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private OwnRoutes routes;
    private HangingFolder mount;
    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        mount = new HangingFolder(routes.folder());
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory", mount.path(),
                "filestream.routes.live-reload", true,
                "filestream.routes.language", "src/test/resources/more-components.yaml"));
    }

    @AfterEach
    void stop() {
        mount.comeBack();
        stage.close();
    }

    private LiveRoutes live() {
        return stage.service().bean(LiveRoutes.class);
    }

    private String get(String path) {
        return assertTimeoutPreemptively(SOON, () -> stage.service().management().get(path).text());
    }

    @Test
    void rollbackScrapeHealthAndInfoDoNotWaitForTheFolderAndReloadReportsIt() throws Exception {
        routes.replace("result-codes", "expression: Unauthorized operation.", "expression: No.");
        assertThat(live().reload("test").outcome()).isIn(Outcome.SERVES, Outcome.UNCHANGED);
        mount.hang();

        assertThat(get("/actuator/health")).contains("\"UP\"");
        assertThat(get("/actuator/info")).contains("\"servingSha256\"");
        assertThat(get("/actuator/prometheus")).contains("filestream_routes_generation 2.0",
                "filestream_routes_files_differ 0.0");
        Attempt back = assertTimeoutPreemptively(SOON, () -> live().rollback(1, "test"));
        assertThat(back.outcome()).isEqualTo(Outcome.SERVES);
        Attempt reload = assertTimeoutPreemptively(SOON, () -> live().reload("test"));
        assertThat(reload.outcome()).isEqualTo(Outcome.UNTRIED);
        assertThat(reload.messages()).containsExactly(routes.folder() + " does not respond");
        assertThat(new Api(stage.service().api().base()).download("{}", "x-app-key", "nobody").text())
                .contains("Unauthorized operation.");
        await().until(() -> live().status().note(), note -> note != null && note.contains("does not respond"));
        assertThat(get("/actuator/prometheus")).contains("filestream_routes_files_differ 1.0");

        mount.comeBack();
        await().until(() -> live().status().note(), note -> !note.contains("does not respond"));
        // The edit is older than the rollback.
        await().pollDelay(FolderWatch.INTERVAL.multipliedBy(4)).until(() -> live().status().serving().number() == 3);
    }

    /** The message names the place of the route, from the text of its file and not from the folder. */
    @Test
    void rollbackThatCannotStartReportsItsReasonWhileTheFolderHangs() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        routes.add("again", """
                - route:
                    id: again
                    from:
                      uri: file:INBOX
                      parameters: {autoCreate: false, startingDirectoryMustExist: true}
                      steps:
                        - log: {id: log-tick, message: tick}
                """.replace("INBOX", inbox.toString()));
        assertThat(live().reload("test").outcome()).isIn(Outcome.SERVES, Outcome.UNCHANGED);
        Files.delete(routes.folder().resolve("again.camel.yaml"));
        assertThat(live().reload("test").outcome()).isIn(Outcome.SERVES, Outcome.UNCHANGED);
        Files.delete(inbox);
        mount.hang();

        Attempt back = assertTimeoutPreemptively(SOON, () -> live().rollback(2, "test"));

        assertThat(back.stage()).isEqualTo(LiveRoutes.Stage.START);
        assertThat(back.messages()).singleElement().asString().startsWith(routes.folder()
                + "/again.camel.yaml:4:12  route again cannot be started: Starting directory does not exist");
    }
}
