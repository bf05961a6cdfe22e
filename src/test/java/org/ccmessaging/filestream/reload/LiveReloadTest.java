package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.observe.RecentRequests;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.RunSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Primary;

/** Changed files are activated automatically, however people and platforms change them. */
@Tag("service")
@Execution(ExecutionMode.CONCURRENT)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Reload",
        texts = {"are rejected", "is undone", "are not tried", "An operation on the routes"})
class LiveReloadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLAUSES = "result-codes.camel.yaml";

    @TempDir
    private Path folder;

    @AutoClose
    private Stage stage;
    private String text = "Unauthorized operation.";

    private void start(Path routes, Class<?>... more) throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory", routes.toString(),
                "filestream.routes.live-reload", true, "test.temporary", folder.resolve("temporary").toString()),
                more.length == 0 ? new Class<?>[] {Untried.class} : more);
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

    /** A trial in a temporary folder of the test's own, whose process passes at once. */
    @Primary
    static class TrialInOwnFolder extends Trial {

        private final Path temporary;

        TrialInOwnFolder(RoutesSettings settings, @Value("${test.temporary}") Path temporary) {
            super(settings, new JavaCommand("true", "x.jar", null, List.of()), temporary,
                    files -> Map.of(), System::nanoTime, List::of);
            this.temporary = temporary;
        }

        @Override
        Verdict run(FolderContent content, RouteFiles active, boolean accepted, Consumer<String> progress) {
            // The process leaves no verdict; a folder that takes nothing ends the trial before it.
            Verdict tried = super.run(content, active, accepted, progress);
            if (Files.exists(temporary)) {
                assertThat(temporary).isEmptyDirectory();
                return new Verdict(null, List.of());
            }
            return tried;
        }
    }

    /** The time of the service, which a test sets forward. */
    @Primary
    static class OwnClock extends Clock {

        private volatile Duration ahead = Duration.ZERO;
        private volatile Runnable beforeWait;

        @Override
        public Instant instant() {
            Runnable before = beforeWait;
            if (before != null && Thread.currentThread().getName().startsWith("routes-")) {
                beforeWait = null;
                before.run();
            }
            return Instant.now().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private boolean isWaiting() {
        String note = live().status().note();
        return note != null && note.contains("are not tried yet");
    }

    @Test
    void filesThatFoundNoRoomForTheTrialAreTriedAgainAndServe() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent(), TrialInOwnFolder.class, OwnClock.class);

        Files.writeString(file, edited(file, "At last."));
        await().atMost(PATIENCE).until(() -> isWaiting());
        assertThat(live().status().rejected()).isNull();
        assertThat(live().status().note()).contains("are not tried yet: the trial cannot write in the temporary folder "
                + folder.resolve("temporary") + " (it does not exist). ", "tries them again every minute");
        assertThat(refusal()).isEqualTo("Unauthorized operation.");
        assertThat(stage.metrics()).contains(
                "filestream_routes_changes_total{outcome=\"untried\"} 1.0",
                "filestream_routes_changes_total{outcome=\"rejected\"} 0.0");

        Files.createDirectory(folder.resolve("temporary"));
        stage.service().bean(OwnClock.class).ahead = Duration.ofMinutes(1);
        awaitRefusal("At last.");
        assertThat(live().status().note()).isNull();
        assertThat(live().status().serving().number()).isEqualTo(2);
    }

    @Test
    void rollbackEndsTheWaitOfFilesThatFoundNoRoom() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent(), TrialInOwnFolder.class, OwnClock.class);
        Files.writeString(file, edited(file, "Too late."));
        await().atMost(PATIENCE).until(() -> isWaiting());

        live().rollback(1, "test");

        assertThat(live().status().note()).contains("Generation 2 stays until the files change again");
    }

    @Test
    void rollbackAtTheSameMomentEndsTheWaitToo() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent(), TrialInOwnFolder.class, OwnClock.class);
        Thread rollback = new Thread(() -> live().rollback(1, "test"));
        // The worker asks for the time when it notes that the files have to wait.
        stage.service().bean(OwnClock.class).beforeWait = () -> {
            rollback.start();
            await().atMost(PATIENCE).until(() -> !rollback.isAlive() || rollback.getState() == Thread.State.WAITING);
        };

        Files.writeString(file, edited(file, "Too late."));

        await().atMost(PATIENCE).until(() -> live().status().serving().number() == 2
                && live().status().note().contains("stays until the files change again"));
        rollback.join(PATIENCE.toMillis());
    }

    /** A trial that lasts until the test says so. */
    @Primary
    static class LongTrial extends Untried {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        LongTrial(RunSettings settings, RecentRequests requests) {
            super(settings, requests);
        }

        @Override
        Verdict run(FolderContent content, RouteFiles active, boolean accepted, Consumer<String> progress) {
            begun.countDown();
            try {
                while (!end.await(20, TimeUnit.MILLISECONDS)) {
                    progress.accept("checking");
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            return new Verdict(null, List.of());
        }
    }

    @Test
    void rollbackOutlastsEditsThatAreOlderThanItself() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent(), LongTrial.class);
        LongTrial trial = stage.service().bean(LongTrial.class);
        Files.writeString(file, edited(file, "Being tried."));
        trial.begun.await();
        assertThat(live().status().note()).contains("checks and tries a set now");
        Files.writeString(file, edited(file, "Not noticed yet."));

        // The trial would never end.
        assertThat(live().rollback(1, "test").outcome()).isEqualTo("serves");

        awaitSuperseded(1);
        trial.end.countDown();
        assertThat(live().status().rejected()).isNull();
        // Two readings of the folder: the second would report a change that the first has seen.
        await().pollDelay(Duration.ofMillis(4 * FolderWatch.INTERVAL.toMillis())).atMost(PATIENCE)
                .until(() -> live().status().serving().number() == 2);
        Files.writeString(file, edited(file, "Newer."));
        awaitRefusal("Newer.");
    }

    private void awaitSuperseded(int times) {
        Counter superseded = stage.service().bean(MeterRegistry.class).get("filestream.routes.changes")
                .tag("outcome", "superseded").counter();
        await().atMost(PATIENCE).until(() -> superseded.count() >= times);
    }

    @Test
    void editThatIsRevertedDuringItsTrialIsNeverActivated() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent(), LongTrial.class);
        LongTrial trial = stage.service().bean(LongTrial.class);
        String good = Files.readString(file);
        Files.writeString(file, good.replace(text, "Taken back."));
        trial.begun.await();

        Files.writeString(file, good);
        trial.end.countDown();
        awaitSuperseded(1);
        assertThat(live().status().rejected()).isNull();
        Files.writeString(file, edited(file, "Newer."));
        awaitRefusal("Newer.");

        assertThat(live().status().history()).hasSize(2);
    }

    /** Tools write the same files once more, and are seen when they are half done. */
    @Test
    void editThatIsThereAgainAfterItsTrialServes() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent(), LongTrial.class);
        LongTrial trial = stage.service().bean(LongTrial.class);
        String edited = edited(file, "There again.");
        Files.writeString(file, edited);
        trial.begun.await();

        Files.writeString(file, edited + "# half");
        trial.end.countDown();
        awaitSuperseded(1);
        Files.writeString(file, edited);

        awaitRefusal("There again.");
    }

    @Test
    void attemptThatFailsInAnUnknownWayEndsNothingAndIsNotTriedAgain() throws Exception {
        Path file = routes().resolve(CLAUSES);
        start(file.getParent());
        AtomicInteger trials = new AtomicInteger();
        stage.service().bean(Untried.class).trial = () -> {
            trials.incrementAndGet();
            throw new NoClassDefFoundError("x");
        };
        Files.writeString(file, edited(file, "Unlucky."));
        await().atMost(PATIENCE).until(() -> trials.get() == 1);
        await().pollDelay(FolderWatch.INTERVAL.multipliedBy(3)).until(() -> trials.get() == 1);

        stage.service().bean(Untried.class).trial = List::of;
        Files.writeString(file, edited(file, "Mended."));

        awaitRefusal("Mended.");
    }
}
