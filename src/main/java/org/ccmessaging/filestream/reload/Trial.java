package org.ccmessaging.filestream.reload;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.observe.RecentRequests;
import org.ccmessaging.filestream.reload.TrialTask.Outcome;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.Rehearsal;
import org.ccmessaging.filestream.routes.testing.RunSettings;
import org.ccmessaging.filestream.settings.RoutesSettings.RehearsalPolicy;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Tries a checked set of route files before it is activated: runs the tests of the folder and the built-in smoke tests
 * in a separate process with its own environment. A test that fills the memory, does not end or looks for secrets then
 * harms no customer. Nothing of the process is left after the trial.
 *
 * <p>Half the time of a trial is the start of its process. So after a trial, a process for the next one starts and
 * waits, since an edit rarely comes alone. One thread uses this class.
 */
@Component
class Trial implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

    /** Stage of a verdict on a set that could not be tried, through no fault of the set. */
    static final String UNTRIED = "untried";

    private static final String STAGE = "try";

    /** Time between two checks whether the trial may continue. */
    private static final long TURN_MILLIS = 50;

    /** Nanoseconds after a trial in which customers of the new routes have the processor. */
    private static final long PAUSE = Duration.ofSeconds(2).toNanos();

    /** Nanoseconds after a trial in which the author may edit again. */
    private static final long LONGEST_WAIT = Duration.ofMinutes(15).toNanos();

    private final RoutesSettings settings;
    private final JavaCommand java;
    private final Path temporary;
    private final Function<RouteFiles, Map<String, String>> service;
    private final LongSupplier nanoTime;
    private final Supplier<List<Seen>> requests;

    private TrialProcess waiting;
    /** The last set that passed. */
    private FolderContent passed;
    /** Time at which the last trial ended; {@code null} if no process is to wait for another. */
    private Long ended;

    @Autowired
    Trial(RunSettings settings, RecentRequests requests) {
        this(settings.routes(), JavaCommand.ofThisProcess(), Path.of(System.getProperty("java.io.tmpdir")),
                settings::of, System::nanoTime, requests::list);
    }

    /**
     * @param service returns the settings of the service that a run with these files needs
     * @param requests returns the last requests of customers
     */
    Trial(RoutesSettings settings, JavaCommand java, Path temporary,
            Function<RouteFiles, Map<String, String>> service, LongSupplier nanoTime, Supplier<List<Seen>> requests) {
        this.settings = settings;
        this.java = java;
        this.temporary = temporary;
        this.service = service;
        this.nanoTime = nanoTime;
        this.requests = requests;
    }

    /**
     * Tries a set, and rehearses it with the last requests of customers.
     *
     * @param active the active set, with which the rehearsal compares
     * @param accepted whether the set may lose requests
     * @param progress gets the current stage regularly, as {@link LiveRoutes.Status} names it; the process is killed if
     *     it throws an exception
     * @return stage {@link #UNTRIED} if the temporary folder has no room for the trial
     * @throws CancellationException if the thread was interrupted
     */
    Verdict run(FolderContent content, RouteFiles active, boolean accepted, Consumer<String> progress) {
        SortedMap<Path, byte[]> tests = Boolean.FALSE.equals(settings.testsBeforeSwap())
                ? Collections.emptySortedMap() : content.tests();
        if (tests.isEmpty() && Boolean.TRUE.equals(settings.testsBeforeSwap())) {
            return new Verdict(STAGE, List.of(content.routes().folder().resolve("tests")
                    + ": there is no *.test.yaml, and filestream.routes.tests-before-swap is true"));
        }
        FolderContent tried = new FolderContent(content.routes(), tests);
        List<Seen> recent = requests.get();
        try (TrialProcess process = process()) {
            TrialTask control = recent.isEmpty() ? null
                    : task(process, "active", new FolderContent(active, Collections.emptySortedMap()), null, List.of());
            TrialTask task = task(process, "routes", tried, control, recent);
            Outcome outcome = run(process, task, tried.routes().sha256(), progress);
            ended = nanoTime.getAsLong();
            if (!outcome.failures().isEmpty()) {
                return new Verdict(STAGE, outcome.failures().stream()
                        .map(each -> inFolder(each, content.routes().folder().toString(), task.routes())).toList());
            }
            passed = tried;
            Rehearsal rehearsal =
                    outcome.replayed() == null ? Rehearsal.NONE : new Rehearsal(recent, outcome.replayed());
            boolean passes = accepted || !rehearsal.losesRequests()
                    || settings.rehearsalPolicy() == RehearsalPolicy.REPORT;
            return new Verdict(passes ? null : "rehearsal", passes ? List.of() : Stream.concat(
                    rehearsal.lines().stream(), Stream.of("`routes reload --accept` activates the files anyway"))
                    .toList(), List.of(), rehearsal);
        } catch (IOException failure) {
            return untried("the trial cannot write in the temporary folder " + temporary + " ("
                    + (failure instanceof FileSystemException file ? FolderContent.reason(file) : failure.getMessage())
                    + "). Make room for it there, or start the service with another folder:"
                    + " java -Djava.io.tmpdir=<folder>");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    static Verdict untried(String reason) {
        return new Verdict(UNTRIED, List.of(reason));
    }

    /** Names the folder that people know in place of its copy. */
    private static String inFolder(String line, String folder, String copy) {
        return line.replace(copy + "/", folder.isEmpty() ? "" : folder + "/").replace(copy, folder);
    }

    private TrialTask task(TrialProcess process, String name, FolderContent set, TrialTask active,
            List<Seen> recent) throws IOException {
        return new TrialTask(process.copy(set, name), service.apply(set.routes()), active, recent);
    }

    /** Returns whether a process waits for the next set. */
    boolean isReady() {
        return waiting != null && waiting.isReady();
    }

    /** Returns the process that waits. One that is not ready would be slower than a new one, and may hang. */
    private TrialProcess process() throws IOException, InterruptedException {
        if (!isReady()) {
            close();
            return new TrialProcess(temporary);
        }
        TrialProcess ready = waiting;
        waiting = null;
        // That of the active set.
        ready.outcome(0);
        return ready;
    }

    private Outcome run(TrialProcess process, TrialTask task, String sha256, Consumer<String> progress)
            throws InterruptedException {
        try {
            process.start(java, settings.expose());
        } catch (IOException failure) {
            return Outcome.couldNotRun(failure.getMessage());
        }
        process.send(task);
        long end = System.nanoTime() + settings.testsTimeout().toNanos();
        while (System.nanoTime() - end < 0) {
            Outcome outcome = process.outcome(TURN_MILLIS);
            progress.accept(process.stage());
            if (outcome != null) {
                return outcome.sha256() == null || outcome.sha256().equals(sha256) ? outcome
                        : Outcome.couldNotRun("other files were tried");
            }
        }
        return Outcome.couldNotRun("the tests took longer than filestream.routes.tests-timeout ("
                + settings.testsTimeout().toString().substring(2).toLowerCase(Locale.ROOT) + ")");
    }

    /**
     * Keeps a process ready for the next trial, for some time after the last one. It loads its classes by a trial of
     * the active set. Call this method regularly.
     */
    void prepare(Supplier<RouteFiles> active) {
        long since = ended == null ? 0 : nanoTime.getAsLong() - ended;
        if (since > LONGEST_WAIT) {
            close();
        } else if (since > PAUSE && waiting == null) {
            try {
                waiting = new TrialProcess(temporary);
                RouteFiles routes = active.get();
                FolderContent set = passed != null && passed.routes().isSame(routes) ? passed
                        : new FolderContent(routes, Collections.emptySortedMap());
                waiting.start(java, settings.expose());
                waiting.send(task(waiting, "warm-up", set, null, List.of()));
            } catch (IOException | RuntimeException failure) {
                // The next trial reports it, if it still fails.
                LOG.debug("No process waits for the next edit", failure);
                close();
            }
        }
    }

    @Override
    public void close() {
        ended = null;
        if (waiting != null) {
            waiting.close();
            waiting = null;
        }
    }
}
