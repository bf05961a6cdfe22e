package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Changed files are activated automatically, however people and platforms change them. */
@Tag("service")
@Execution(ExecutionMode.CONCURRENT)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Journal",
        texts = {"are rejected", "is rolled back", "are not tried", "An operation on the routes"})
class LiveReloadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLAUSES = "result-codes.camel.yaml";

    @TempDir
    private Path folder;

    @AutoClose
    private Stage stage;
    private String text = "Unauthorized operation.";

    private void start(Path routes) throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory", routes.toString(),
                "filestream.routes.live-reload", true), Checks.class);
    }

    private Path routes() throws IOException {
        return new OwnRoutes(Files.createDirectory(folder.resolve("routes"))).folder();
    }

    private String edited(Path file, String newText) throws IOException {
        String edited = Files.readString(file).replace(text, newText);
        text = newText;
        return edited;
    }

    private String refusal() {
        return new Api(stage.service().api().base())
                .download("{}", "x-app-key", "nobody").json().at("/exceptionInfo").asText();
    }

    private void awaitRefusal(String expected) {
        await().atMost(PATIENCE).until(this::refusal, expected::equals);
        // Customers meet a generation a moment before operators see it.
        await().atMost(PATIENCE).until(() ->
                live().status().history().get(0).sha256().equals(live().status().filesSha256()));
    }

    private LiveRoutes live() {
        return stage.service().bean(LiveRoutes.class);
    }

    @Test
    void faultyEditIsRejectedAndItsCorrectionServes() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent());
        String good = Files.readString(file);

        Files.writeString(file, good.replace("- routeConfiguration:", "- routeConfiguration"));
        await().atMost(PATIENCE).until(() -> live().status().rejected() != null);
        assertThat(live().status().rejected().errors()).anySatisfy(line -> assertThat(line).contains(CLAUSES + ":2:7"));
        assertThat(refusal()).isEqualTo("Unauthorized operation.");

        Files.writeString(file, good);
        await().atMost(PATIENCE).until(() -> live().status().rejected() == null);
        assertThat(live().status().serving().number()).isEqualTo(1);

        Files.writeString(file, edited(file, "Corrected."));
        awaitRefusal("Corrected.");
        assertThat(live().status().serving().by()).isEqualTo("file change");
    }

    @Test
    void rollbackOutlastsEditsThatAreOlderThanItself() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        // Ends after that of the startup.
        live().check("test");
        stage.service().bean(Checks.class).instead = () -> {
            begun.countDown();
            end.await();
            return Checks.GOOD;
        };
        Files.writeString(file, edited(file, "Being tried."));
        begun.await();
        assertThat(live().status().note()).contains("checks them now");
        Files.writeString(file, edited(file, "Not noticed yet."));

        // The check would never end.
        assertThat(live().rollback(1, "test").outcome()).isEqualTo(Outcome.UNCHANGED);

        awaitSuperseded(1);
        end.countDown();
        assertThat(live().status().rejected()).isNull();
        // Two readings of the folder: the second would report a change that the first has seen.
        await().pollDelay(Duration.ofMillis(4 * FolderWatch.INTERVAL.toMillis())).atMost(PATIENCE)
                .until(() -> live().status().serving().number() == 1);
        Files.writeString(file, edited(file, "Newer."));
        awaitRefusal("Newer.");
    }

    private void awaitSuperseded(int times) {
        Counter superseded = stage.service().bean(MeterRegistry.class).get("filestream.routes.changes")
                .tag("outcome", "superseded").counter();
        await().atMost(PATIENCE).until(() -> superseded.count() >= times);
    }
}
