package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.reload.Canary.Verdict;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Report;

/**
 * A worker in the thread of a test and in virtual time. Its folder has one file, whose text says what becomes of it:
 * {@code broken} fails the check, {@code unstartable} the start.
 */
class WorkerRig {

    static final Verdict WATCH = new Verdict(Canary.Decision.WATCH, "");
    private static final MeterRegistry NO_METERS = new CompositeMeterRegistry();
    static final Path FOLDER = Path.of("routes");
    static final String FILE = "a.camel.yaml";
    static final String EPOCH = "2026-11-26T08:00:00Z";

    final Deque<Runnable> tasks = new ArrayDeque<>();
    final List<String> audit = new ArrayList<>();
    final List<String> counts = new ArrayList<>();
    final List<CompletableFuture<Report>> held = new ArrayList<>();
    boolean holdsChecks;
    boolean checksStuck;
    boolean diskFails;
    boolean live = true;

    /** The watch of the folder sees changes. */
    boolean notices = true;
    String unreadable;
    boolean killsAtStart;
    String refused;
    String label;
    int percent = 10;
    Verdict verdict = WATCH;
    Worker worker;

    /** Nothing that the process does reaches the disk any more. */
    boolean killed;
    long nanos;
    String text = "one";
    Serving serving;
    final List<Fake> fakes = new ArrayList<>();

    /** Whether a start knows the history. */
    boolean resumes = true;
    private byte[] disk;

    static RouteFiles files(String text) {
        return RouteFiles.of(FOLDER, Map.of(FILE, text));
    }

    Report report(RouteFiles files) {
        boolean broken = text(files).startsWith("broken") || text(files).equals(refused);
        return new Report(1, broken ? List.of(new Finding(new Place(FOLDER.resolve(FILE), 1, 1),
                Finding.Level.ERROR, "R001", "is broken", null)) : List.of());
    }

    static String text(RouteFiles files) {
        return files.texts().get(FILE);
    }

    private final class Files extends FolderWatch {

        Files() {
            super(FOLDER, failure -> { }, () -> nanos);
        }

        @Override
        Reading latest() {
            return unreadable == null ? new Reading(files(text), files(text).sha256(), null, notices)
                    : Reading.failed(unreadable);
        }

        @Override
        Reading read(Duration longest) {
            return latest();
        }
    }

    /** A history whose file is in the memory of the test. */
    class Disk extends History {

        Disk() {
            super(null);
        }

        @Override
        byte[] read() {
            return disk;
        }

        @Override
        void write(byte[] json) throws IOException {
            at("write");
            if (killed) {
                return;
            }
            if (diskFails) {
                throw new IOException("no space left");
            }
            disk = json;
            at("written");
        }
    }

    /** Takes a step of the process, which may end with it. */
    void at(String step) {
        // Only a simulation ends processes.
    }

    /** A generation without Camel. Its route {@code tick} begins exchanges on its own. */
    class Fake extends Generation {

        static final String SOURCE = "tick";

        final String text;
        final Map<String, Boolean> started = new TreeMap<>(Map.of("api", true, SOURCE, false));
        boolean isClosed;
        boolean ticks;

        Fake(int number, String text) {
            super(number, null);
            this.text = text;
        }

        @Override
        protected Map<String, Boolean> routes() {
            return isClosed ? Map.of() : new TreeMap<>(started);
        }

        @Override
        protected boolean isSource(String route) {
            return route.equals(SOURCE);
        }

        @Override
        protected void start(String route) {
            if (route.equals(SOURCE) && text.startsWith("queueless")) {
                throw new IllegalStateException("no queue");
            }
            started.put(route, true);
            ticks |= route.equals(SOURCE);
            at("start of " + route);
        }

        @Override
        protected void stop(String route) {
            started.put(route, false);
            ticks &= !route.equals(SOURCE);
        }

        @Override
        protected void pause(String route) {
            ticks &= !route.equals(SOURCE);
        }

        @Override
        protected void showAs(String suffix) {
            // It has no name.
        }

        @Override
        public void close() {
            stop(SOURCE);
            isClosed = true;
        }
    }

    Fake fake(int number, String textOfFile) {
        return new Fake(number, textOfFile);
    }

    void activated(Fake active) {
        // No metrics.
    }

    /** Leads requests to generations without Camel. */
    class FakeServing extends Serving {

        FakeServing(Random keys) {
            super(null, keys);
        }

        @Override
        protected Generation start(int number, RouteFiles files) {
            killed |= killsAtStart;
            if (text(files).startsWith("unstartable")) {
                throw new IllegalStateException("no queue");
            }
            fakes.add(fake(number, text(files)));
            at("start of a generation");
            return fakes.get(fakes.size() - 1);
        }

        @Override
        protected void activated(Generation active) {
            WorkerRig.this.activated((Fake) active);
        }
    }

    private final class Meters extends ReloadMeters {

        Meters() {
            super(NO_METERS);
        }

        @Override
        void show(Status status) {
            WorkerRig.this.show(status);
        }

        @Override
        void count(String outcome) {
            counts.add(outcome);
        }
    }

    CompletableFuture<Report> check(RouteFiles files) {
        CompletableFuture<Report> report = new CompletableFuture<>();
        if (holdsChecks) {
            held.add(report);
        } else {
            report.complete(report(files));
        }
        return report;
    }

    void show(Status status) {
        // The worker has it.
    }

    void audit(String event, String... namesAndTexts) {
        audit.add(event);
    }

    History history() {
        return new Disk();
    }

    Serving serving(Random keys) {
        return new FakeServing(keys);
    }

    Random keys() {
        return new Random(1);
    }

    Canary canary(Served served) {
        Canary made = mock(Canary.class);
        doAnswer(call -> served).when(made).served();
        doAnswer(call -> verdict).when(made).verdict();
        doAnswer(call -> "watched").when(made).state();
        return made;
    }

    /** Starts a process with what the disk has. */
    WorkerRig start() {
        tasks.clear();
        fakes.clear();
        killed = false;
        serving = serving(keys());
        verdict = WATCH;
        Files folder = new Files();
        folder.settle(files(text));
        worker = new Worker(new Parts(FOLDER, live, percent, tasks::add, folder, this::check,
                () -> checksStuck, serving, this::canary, history(), new Meters(), this::audit,
                () -> Instant.parse(EPOCH).plusNanos(nanos), () -> nanos));
        worker.start(files(text), label, resumes, this::report);
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
        return status().canary() == null ? null : status().canary().files().get(FILE);
    }

    Status status() {
        return worker.status();
    }
}
