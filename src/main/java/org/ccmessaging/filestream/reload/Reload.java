package org.ccmessaging.filestream.reload;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.observe.RecentDownloads;
import org.ccmessaging.filestream.reload.FolderWatch.Reading;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.ShippedRoutes;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * Activates sets of route files: checks and tries a set, starts it beside the active generation, swaps, and watches it.
 * A set that fails at any stage changes nothing. The set of the startup is only checked, before the service opens a
 * port.
 *
 * <p>One thread does all that and owns the state. A rollback ends a trial in progress, which is repeated after it.
 * Operators see the {@link Status} that it publishes.
 */
@Component
class Reload implements LiveRoutes, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /**
     * Phase of Camel's own context: it starts before the web server opens its port, and stops after the web server has
     * ended the requests in flight.
     */
    private static final int PHASE = Integer.MAX_VALUE - 2049;

    private static final String CHECK = "check";
    private static final String START = "start";
    private static final String WATCH = "watch";
    private static final String SUPERSEDED = "superseded";
    private static final String FILE_CHANGE = "file change";

    /** Time after which the service tries files again for which the temporary folder had no room. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** Time between two looks at the folder and at the downloads. */
    private static final long TURN_MILLIS = 100;

    /** Time between two looks whether something more urgent waits for the end of a check. */
    private static final long TURN_OF_CHECK_MILLIS = 20;

    /** Time for a check. One of files at their limits takes 5 s. */
    private static final long LONGEST_CHECK_SECONDS = 30;

    /** Time that the worker waits for a folder that does not respond. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final long LONGEST_END_SECONDS = 5;

    private final ApplicationContext application;
    private final RoutesSettings settings;
    private final Serving generations;
    private final History history;
    private final Clock clock;
    private final Trial trial;
    private final ReloadMeters meters;
    private final Watch watch;
    private final FolderWatch folder;
    private final RouteFiles first;
    private final boolean checked;
    private final PeriodicTasks worker = new PeriodicTasks("routes-worker", 1);

    /** A thread for each check, so that a rollback waits for none and a fault of one ends nothing else. */
    private final Executor checks =
            new SimpleAsyncTaskExecutor(new CamelThreadFactory("#name#", "routes-check", true));

    private final AtomicInteger waitingRollbacks = new AtomicInteger();
    private volatile Status published = Status.NONE;

    // The worker owns these fields.
    private Served serving = Status.NONE.serving();
    private Rejection rejected;
    private Rejection untried;
    private Long rolledBack;

    Reload(ApplicationContext application, RoutesSettings settings, Serving generations, Trial trial,
            RecentDownloads recent, ReloadMeters meters, Clock clock, ObjectProvider<RouteFiles> checked) {
        this.application = application;
        this.settings = settings;
        this.generations = generations;
        this.history = new History(settings.history());
        this.clock = clock;
        this.trial = trial;
        this.meters = meters;
        this.watch = new Watch(recent, settings.watch());
        this.folder = new FolderWatch(settings.directory(), LOG::warn, System::nanoTime);
        this.first = checked.getIfAvailable(() -> RouteFiles.read(settings.directory()));
        this.checked = checked.getIfAvailable() != null;
    }

    /** Activates the routes of the startup. */
    @Override
    public void start() {
        checkFirst();
        serve(first, START, settings.label(), null);
        folder.begin(first);
        publish();
        folder.start();
        if (settings.liveReload()) {
            // So that the check of the first edit loads no classes, which takes a second.
            submitCheck(first);
        }
        worker.scheduleWithFixedDelay(this::look, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Checks the routes of the startup, except those that the build has checked, because nobody has edited them, and
     * those of a trial, which the running service has checked.
     */
    private void checkFirst() {
        Check check = application.getBean(Check.class);
        if (checked) {
            check.accept(first);
        } else if (!ShippedRoutes.are(first)) {
            Report report = check.run(first);
            if (report.hasErrors()) {
                throw new InvalidRoutesException(report);
            }
            lines(report, Level.WARNING).forEach(LOG::warn);
        }
    }

    @Override
    public boolean isRunning() {
        return published.serving().number() > 0;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void stop() {
        generations.close();
    }

    /** Ends reloads before the requests. The context of the management port publishes such an event as well. */
    @EventListener
    void stop(ContextClosedEvent closed) throws InterruptedException {
        if (closed.getApplicationContext() == application) {
            worker.shutdown();
            folder.close();
            if (!worker.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The service stops while it still tries to load {}", settings.directory());
            }
        }
    }

    RouteFiles first() {
        return first;
    }

    @Override
    public Status status() {
        return published;
    }

    @Override
    public Attempt check(String by) {
        long start = System.nanoTime();
        Reading now = folder.read(FolderWatch.PATIENCE);
        return submit(() -> check(now, by, start)).join();
    }

    @Override
    public Attempt reload(String by) {
        long start = System.nanoTime();
        Reading now = folder.read(FolderWatch.PATIENCE);
        return submit(() -> now.content() == null
                ? refuse(Trial.UNTRIED, List.of(now.unreadable()), null, by, start)
                : load(now.content(), by, start)).join();
    }

    @Override
    public Attempt rollback(int number, String by) {
        Served wanted = published.generation(Integer.toString(number));
        long start = System.nanoTime();
        waitingRollbacks.incrementAndGet();
        return submit(() -> {
            waitingRollbacks.decrementAndGet();
            return rollback(wanted, by, start);
        }).join();
    }

    /** @param work runs again if something more urgent cancels it */
    private CompletableFuture<Attempt> submit(Supplier<Attempt> work) {
        try {
            return CompletableFuture.supplyAsync(() -> run(work), worker).thenCompose(done ->
                    done == null ? submit(work) : CompletableFuture.completedFuture(done));
        } catch (RejectedExecutionException stop) {
            return CompletableFuture.completedFuture(stopped());
        }
    }

    private Attempt run(Supplier<Attempt> work) {
        if (isStopping()) {
            return stopped();
        }
        try {
            Attempt done = work.get();
            look();
            return done;
        } catch (CancellationException urgent) {
            look();
            return null;
        } catch (RuntimeException | Error failed) {
            stage("failed");
            report(failed);
            throw failed;
        }
    }

    /** Loads the files in the folder if they have changed or had no room, and looks at the downloads. */
    private void look() {
        try {
            // Attempts that wait come first, since they may load the change too.
            if (settings.liveReload() && worker.getQueue().isEmpty()) {
                if (untried != null && !clock.instant().isBefore(untried.at().plus(RETRY))) {
                    folder.settle(null);
                }
                long start = System.nanoTime();
                folder.change().ifPresent(changed -> submit(() -> load(changed, FILE_CHANGE, start)));
            }
            watch.look().ifPresent(this::undo);
            if (!watch.lasts() && Status.WATCHING.equals(published.stage())) {
                stage("serves");
            }
            if (settings.liveReload()) {
                trial.prepare(() -> RouteFiles.of(settings.directory(), serving.files()));
            }
            publish();
        } catch (RuntimeException | Error failed) {
            report(failed);
        }
    }

    private void report(Throwable failed) {
        LOG.error("An operation on the routes in {} failed. Generation {} stays active, and the service continues to"
                + " watch the folder", settings.directory(), serving.number(), failed);
    }

    private Attempt stopped() {
        return new Attempt(Trial.UNTRIED, published.serving().number(), null, List.of("the service stops"), 0);
    }

    private boolean isStopping() {
        return worker.isShutdown();
    }

    private void publish() {
        publish(published.stages(), false);
    }

    private void publish(Map<String, Instant> stages, boolean trying) {
        Reading now = folder.latest();
        boolean differ = now.sha256() == null || !serving.isOf(now.sha256(), now.content().routes());
        String waits = untried != null && untried.sha256().equals(now.sha256()) ? untried.errors().get(0) : null;
        boolean live = settings.liveReload();
        published = new Status(serving, generations.draining(), live, now.sha256(), differ, Status.note(
                serving.number(), live, differ, trying, now.unreadable(), waits), rejected, history.newestFirst(),
                stages);
        meters.show(published);
    }

    /** Begins a stage. The first one after an outcome begins another attempt, and so does a check during a watch. */
    private void stage(String name) {
        String last = published.stage();
        boolean begins = last == null || name.equals(Status.CHECKING) && !name.equals(last);
        Map<String, Instant> all = new LinkedHashMap<>(begins ? Map.of() : published.stages());
        boolean counts = last != null && last.startsWith(Status.TRYING) && name.startsWith(Status.TRYING);
        all.putIfAbsent(name, counts ? all.remove(last) : now());
        publish(all, name.startsWith(Status.TRYING) || name.equals(Status.CHECKING));
        // Another line reports the outcome.
        if (published.stage() != null && !name.equals(last)) {
            LOG.debug("Edit of the routes: {}", name);
        }
    }

    private Verdict tryOut(FolderContent content) {
        progress(Status.CHECKING);
        Verdict checked = check(content.routes());
        Verdict tried = checked.passed() ? trial.run(content, this::progress) : checked;
        return tried.passed() ? checked : tried;
    }

    private Verdict check(RouteFiles files) {
        Future<Report> check = submitCheck(files);
        while (true) {
            try {
                Report report = check.get(TURN_OF_CHECK_MILLIS, TimeUnit.MILLISECONDS);
                return report.hasErrors() ? new Verdict(CHECK, lines(report, Level.ERROR))
                        : new Verdict(null, lines(report, Level.WARNING));
            } catch (TimeoutException running) {
                progress(Status.CHECKING);
            } catch (ExecutionException failed) {
                return new Verdict(CHECK, List.of(files.folder() + ": cannot be checked"
                        + (failed.getCause() instanceof TimeoutException ? " within " + LONGEST_CHECK_SECONDS + " s"
                                : ": " + failed.getCause())));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            }
        }
    }

    private static List<String> lines(Report report, Level level) {
        return report.findings(level).stream().map(Report::line).toList();
    }

    private Future<Report> submitCheck(RouteFiles files) {
        return CompletableFuture.supplyAsync(() -> application.getBean(Check.class).run(files), checks)
                .orTimeout(LONGEST_CHECK_SECONDS, TimeUnit.SECONDS);
    }

    private void progress(String stage) {
        stage(stage);
        if (watch.look().isPresent() || waitingRollbacks.get() > 0 || isStopping()) {
            throw new CancellationException("a rollback or the stop of the service comes first");
        }
    }

    private Attempt check(Reading now, String by, long start) {
        Verdict verdict = now.content() == null ? Trial.untried(now.unreadable()) : tryOut(now.content());
        String outcome = verdict.passed() ? "passed" : outcome(verdict.stage());
        AuditLog.write("routes checked", "by", by, "outcome", outcome);
        return result(outcome, verdict.stage(), verdict.messages(), start);
    }

    private Attempt load(FolderContent wanted, String by, long start) {
        RouteFiles files = wanted.routes();
        if (rolledBack != null && start - rolledBack < 0) {
            return refuse(SUPERSEDED, List.of("generation " + serving.number() + " was made to serve meanwhile ("
                    + serving.by() + "); reload to load these files"), files.sha256(), by, start);
        }
        folder.settle(wanted);
        untried = null;
        if (serving.isOf(files.sha256(), files)) {
            return unchanged(by, start);
        }
        Verdict verdict = tryOut(wanted);
        if (!verdict.passed()) {
            return refuse(verdict.stage(), verdict.messages(), files.sha256(), by, start);
        }
        Reading now = folder.read(SOON);
        if (now.unreadable() == null && !now.content().routes().isSame(files)) {
            folder.settle(null);
            return refuse(SUPERSEDED, List.of("the files in " + settings.directory() + " changed while they were tried;"
                    + (settings.liveReload() ? " the service loads those that are there now" : " reload once more")),
                    files.sha256(), by, start);
        }
        Served before = serving;
        stage(Status.STARTING);
        try {
            serve(files, by, null, null);
        } catch (RoutesNotStartedException failed) {
            return refuse(START, List.of(failed.getMessage()), files.sha256(), by, start);
        }
        watch.begin(before, serving);
        rejected = null;
        return served("serves", verdict.messages(), start);
    }

    private Attempt unchanged(String by, long start) {
        if (rejected != null) {
            rejected = null;
            LOG.info("The files in {} are those of the active generation {}", settings.directory(), serving.number());
        }
        // An operator did something. A change of the files only takes an edit back.
        if (!by.equals(FILE_CHANGE)) {
            AuditLog.write("routes unchanged", "by", by, "generation", Integer.toString(serving.number()), "sha256",
                    serving.sha256());
        }
        return result("unchanged", null, List.of(), start);
    }

    private Attempt rollback(Served wanted, String by, long start) {
        try {
            serveAgain(wanted, by);
        } catch (RoutesNotStartedException failed) {
            return refuse(START, List.of(failed.getMessage()), wanted.sha256(), by, start);
        }
        watch.end();
        return served("undone", List.of(), start);
    }

    /** Rolls back a change that harms customers, and the changes shortly before it. */
    private void undo(String harm) {
        watch.end();
        Served harmful = serving;
        int proven = watch.proven().number();
        serveAgain(watch.proven(), WATCH);
        String reason = harmful.number() == proven + 1 ? harm : harm + ". What came after generation "
                + proven + " is undone as well, because each edit followed the one before within"
                + " filestream.routes.watch";
        rejected = new Rejection(now(), harmful.by(), WATCH, harmful.sha256(), List.of(reason));
        meters.count("rolled_back");
        stage("rolled back");
        LOG.warn("Generation {} of the routes is undone, and generation {} serves with the files of generation {}: {}."
                + " The files in {} do not serve until they change again", harmful.number(), serving.number(), proven,
                reason, settings.directory());
    }

    private void serveAgain(Served wanted, String by) {
        serve(RouteFiles.of(settings.directory(), wanted.files()), by + ", back to generation " + wanted.number(),
                wanted.label(), wanted.origin());
        // A rollback is newer than the files in the folder.
        Reading now = folder.read(SOON);
        if (now.content() != null) {
            folder.settle(now.content());
        }
        rolledBack = System.nanoTime();
    }

    private void serve(RouteFiles files, String by, String label, Integer backTo) {
        int number = history.lastNumber() + 1;
        try {
            generations.serve(number, files, application);
        } catch (RuntimeException failure) {
            throw new RoutesNotStartedException(files, failure);
        }
        serving = new Served(number, files.sha256(), now(), by, label, backTo, files.texts());
        untried = null;
        history.add(serving);
        AuditLog.write("routes loaded", "by", by, "generation", Integer.toString(number), "sha256", serving.sha256(),
                "label", label);
    }

    private Attempt served(String change, List<String> warnings, long start) {
        meters.count(change);
        LOG.info("Generation {} of the routes serves after {} ms ({}; {} files, sha256 {})", serving.number(),
                millisSince(start), serving.by(), serving.files().size(), serving.sha256());
        return result("serves", null, warnings, start);
    }

    private static String outcome(String stage) {
        return stage.equals(Trial.UNTRIED) || stage.equals(SUPERSEDED) ? stage : "rejected";
    }

    /**
     * @param stage of a rejection; otherwise the outcome
     * @param sha256 of the files; {@code null} if they could not be read
     */
    private Attempt refuse(String stage, List<String> reasons, String sha256, String by, long start) {
        if (isStopping()) {
            // The stop of the service may have ended the trial, so the set may be good.
            return stopped();
        }
        String outcome = outcome(stage);
        boolean isRejection = outcome.equals("rejected");
        Rejection refused = new Rejection(now(), by, stage, sha256, reasons);
        rejected = isRejection ? refused : rejected;
        untried = stage.equals(Trial.UNTRIED) && sha256 != null ? refused : untried;
        meters.count(outcome);
        String what = outcome.equals(Trial.UNTRIED) ? "not tried" : outcome;
        (outcome.equals(SUPERSEDED) ? LOG.atInfo() : LOG.atWarn()).log("The routes in {} are {}{} ({}), and generation"
                + " {} stays active:\n{}", settings.directory(), what, isRejection ? " at stage " + stage : "", by,
                serving.number(), String.join("\n", reasons));
        AuditLog.write("routes " + what, "by", by, "stage", isRejection ? stage : null, "sha256", sha256, "reason",
                reasons.get(0), "generation", Integer.toString(serving.number()));
        return result(outcome, stage, reasons, start);
    }

    private Attempt result(String outcome, String stage, List<String> messages, long start) {
        stage(watch.lasts() && List.of("serves", "unchanged").contains(outcome) ? Status.WATCHING : outcome);
        return new Attempt(outcome, serving.number(), outcome.equals(stage) ? null : stage, messages,
                millisSince(start));
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
