package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.reload.Canary.Verdict;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.apache.camel.CamelContext;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.GenerationFactory;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Report;

/**
 * A worker in the thread of a test and in virtual time. Its folder has one file, whose text says what becomes of it:
 * {@code broken} fails the check, {@code unstartable} the start.
 */
final class WorkerRig {

    static final Verdict WATCH = new Verdict(Canary.Decision.WATCH, "");
    static final Path FOLDER = Path.of("routes");

    final Deque<Runnable> tasks = new ArrayDeque<>();
    final List<String> audit = new ArrayList<>();
    final List<String> counts = new ArrayList<>();
    final List<CompletableFuture<Report>> held = new ArrayList<>();
    boolean holdsChecks;
    boolean checksStuck;
    boolean diskFails;
    boolean live = true;
    boolean killsAtStart;
    String refused;
    int percent = 10;
    Verdict verdict = WATCH;
    Worker worker;

    /** Nothing that the process does reaches the disk any more. */
    private boolean killed;
    private long nanos;
    private byte[] disk;
    private String text = "one";
    private RouteFiles settled;
    private Serving serving;

    static RouteFiles files(String text) {
        return RouteFiles.of(FOLDER, Map.of("a.camel.yaml", text));
    }

    private Report report(RouteFiles files) {
        boolean broken = text(files).startsWith("broken") || text(files).equals(refused);
        return new Report(1, broken ? List.of(new Finding(new Place(FOLDER.resolve("a.camel.yaml"), 1, 1),
                Finding.Level.ERROR, "R001", "is broken", null)) : List.of());
    }

    private static String text(RouteFiles files) {
        return files.texts().get("a.camel.yaml");
    }

    private final class Files implements Folder {

        @Override
        public Reading latest() {
            return new Reading(files(text), files(text).sha256(), null, true);
        }

        @Override
        public Reading read(Duration longest) {
            return latest();
        }

        @Override
        public Optional<RouteFiles> change() {
            return settled != null && settled.isSame(files(text)) ? Optional.empty() : Optional.of(files(text));
        }

        @Override
        public void settle(RouteFiles files) {
            settled = files;
        }
    }

    private final class Disk implements History.Store {

        @Override
        public byte[] read() {
            return disk;
        }

        @Override
        public void write(byte[] json) throws IOException {
            if (killed) {
                return;
            }
            if (diskFails) {
                throw new IOException("no space left");
            }
            disk = json;
        }
    }

    /** A generation without Camel. */
    private static final class Fake extends Generation {

        private final String text;

        private Fake(int number, String text) {
            super(number);
            this.text = text;
        }

        @Override
        public CamelContext camel() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected Map<String, Boolean> routes() {
            return Map.of();
        }

        @Override
        protected boolean isSource(String route) {
            return false;
        }

        @Override
        protected void start(String route) {
            // It has no route.
        }

        @Override
        protected void stop(String route) {
            // It has no route.
        }

        @Override
        protected void pause(String route) {
            // It has no route.
        }

        @Override
        protected void showAs(String suffix) {
            // It has no name.
        }

        @Override
        public void close() {
            // It has nothing to close.
        }
    }

    private final class Factory implements GenerationFactory {

        @Override
        public Generation start(int number, RouteFiles files) {
            killed |= killsAtStart;
            if (text(files).startsWith("unstartable")) {
                throw new IllegalStateException("no queue");
            }
            return new Fake(number, text(files));
        }

        @Override
        public void activated(Generation active) {
            // No metrics.
        }
    }

    private final class Checking implements Seams.Checks {

        @Override
        public CompletableFuture<Report> check(RouteFiles files) {
            CompletableFuture<Report> report = new CompletableFuture<>();
            if (holdsChecks) {
                held.add(report);
            } else {
                report.complete(WorkerRig.this.report(files));
            }
            return report;
        }

        @Override
        public boolean isBusy() {
            return checksStuck;
        }
    }

    private final class Reports implements Seams.Observer {

        @Override
        public void show(Status status) {
            // The worker has it.
        }

        @Override
        public void count(String outcome) {
            counts.add(outcome);
        }

        @Override
        public void audit(String event, String... namesAndTexts) {
            audit.add(event);
        }
    }

    private Canary canary(Served served) {
        Canary made = mock(Canary.class);
        doAnswer(call -> served).when(made).served();
        doAnswer(call -> verdict).when(made).verdict();
        doAnswer(call -> "watched").when(made).state();
        return made;
    }

    /** Starts a process with what the disk has. */
    WorkerRig start() {
        tasks.clear();
        killed = false;
        settled = files(text);
        serving = new Serving(new Factory(), new Random(1));
        verdict = WATCH;
        Clock clock = new Clock() {

            @Override
            public Instant instant() {
                return Instant.EPOCH.plusNanos(nanos);
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        Seams seams = new Seams(FOLDER, live, percent, tasks::add, new Files(), new Checking(), serving,
                this::canary, new History(new Disk()), new Reports(), clock, () -> nanos);
        ActiveRoutes routes = new ActiveRoutes(seams);
        worker = new Worker(seams, routes);
        new Startup(seams, routes, null, files(text), true, this::report).run(worker);
        return turn();
    }

    /** Stops the process in order, and starts another. */
    WorkerRig restart() {
        worker.stop();
        return start();
    }

    WorkerRig save(String newText) {
        text = newText;
        return turn();
    }

    WorkerRig turn() {
        worker.turn();
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        return this;
    }

    WorkerRig pass(long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        return turn();
    }

    Attempt run(CompletableFuture<Attempt> operation) {
        turn();
        assertThat(operation).isDone();
        return operation.join();
    }

    Attempt rollback(int number) {
        return run(worker.rollback(status().generation(Integer.toString(number)), "jo"));
    }

    /** Returns the only file of the active generation. */
    String active() {
        return ((Fake) serving.current()).text;
    }

    /** Returns the only file of the canary; {@code null} without one. */
    String canary() {
        return status().canary() == null ? null : status().canary().files().get("a.camel.yaml");
    }

    Status status() {
        return worker.status();
    }
}
