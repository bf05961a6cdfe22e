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

    /** The active set, and whether the next set may lose requests. */
    private RouteFiles active;
    private boolean accepted;
    private volatile Rehearsal rehearsal = Rehearsal.NONE;
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
        this.requests = requests;
        this.settings = settings;
        this.java = java;
        this.temporary = temporary;
        this.service = service;
        this.nanoTime = nanoTime;
    }

    /**
     * Prepares the rehearsal of the next set.
     *
     * @param active the active set
     * @param accepted whether the next set may lose requests
     */
    void rehearse(RouteFiles active, boolean accepted) {
        this.active = active;
        this.accepted = accepted;
        rehearsal = Rehearsal.NONE;
    }

    /** Returns the rehearsal of the last set. */
    Rehearsal rehearsal() {
        return rehearsal;
    }

    /**
     * @param progress gets the current stage regularly, as {@link LiveRoutes.Status} names it; the process is killed if
     *     it throws an exception
     * @return stage {@link #UNTRIED} if the temporary folder has no room for the trial
     * @throws CancellationException if the thread was interrupted
     */
    Verdict run(FolderContent content, Consumer<String> progress) {
        Path folder = content.routes().folder();
        SortedMap<Path, byte[]> tests = Boolean.FALSE.equals(settings.testsBeforeSwap())
                ? Collections.emptySortedMap() : content.tests();
        if (tests.isEmpty() && Boolean.TRUE.equals(settings.testsBeforeSwap())) {
            return new Verdict(STAGE, List.of(folder.resolve("tests") + ": there is no *.test.yaml, and"
                    + " filestream.routes.tests-before-swap is true"));
        }
        FolderContent tried = new FolderContent(content.routes(), tests);
        List<Seen> recent = active == null ? List.of() : requests.get();
        try (TrialProcess process = process()) {
            if (!recent.isEmpty()) {
                process.giveBefore(active, service.apply(active));
            }
            process.give(tried, service.apply(tried.routes()));
            List<String> failures = run(process, tried, recent, progress);
            if (!recent.isEmpty() && failures.isEmpty()) {
                rehearsal = new Rehearsal(recent, process.replayed());
            }
            passed = failures.isEmpty() ? tried : passed;
            ended = nanoTime.getAsLong();
            return failures.isEmpty() && rehearsal.losesRequests() && !accepted
                    && settings.rehearsalPolicy() == RehearsalPolicy.REFUSE
                    ? new Verdict("rehearsal", Stream.concat(rehearsal.lines().stream(),
                            Stream.of("`routes reload --accept` activates the files anyway")).toList())
                    : new Verdict(failures.isEmpty() ? null : STAGE, failures);
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

    /** Returns the process that waits. One that is not ready would be slower than a new one, and may hang. */
    private TrialProcess process() throws IOException {
        TrialProcess ready = waiting;
        if (ready == null || !ready.isReady()) {
            close();
            return new TrialProcess(temporary);
        }
        waiting = null;
        return ready;
    }

    /** Returns the failures, a line each. */
    private List<String> run(TrialProcess process, FolderContent tried, List<Seen> recent, Consumer<String> progress)
            throws InterruptedException {
        try {
            process.start(java, settings.expose());
            process.send(recent);
            long end = System.nanoTime() + settings.testsTimeout().toNanos();
            while (System.nanoTime() - end < 0) {
                boolean done = process.awaitEnd(TURN_MILLIS);
                progress.accept(process.stage());
                if (done) {
                    return process.failures(tried.routes());
                }
            }
            return TrialProcess.couldNotRun("the tests took longer than filestream.routes.tests-timeout ("
                    + settings.testsTimeout().toString().substring(2).toLowerCase(Locale.ROOT) + ")");
        } catch (IOException failure) {
            return TrialProcess.couldNotRun(failure.getMessage());
        }
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
                waiting.giveActive(passed != null && passed.routes().isSame(routes) ? passed
                        : new FolderContent(routes, Collections.emptySortedMap()), service.apply(routes));
                waiting.start(java, settings.expose());
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
