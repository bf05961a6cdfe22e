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
import java.util.stream.Stream;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.reload.FolderWatch.Reading;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.testing.Rehearsal;
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
 * Activates sets of route files: checks and tries a set, starts it beside the active generation, and gives it to some
 * sessions first (the canary) and then to all. A set that fails at any stage changes nothing for the other sessions.
 * The set of the startup is only checked, before the service opens a port.
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
    private static final String CANARY = "canary";
    private static final int ALL = 100;
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
    private final CanaryCounts counts;
    private final FolderWatch folder;
    private final RouteFiles first;
    private final boolean checked;
    private final PeriodicTasks worker = new PeriodicTasks("routes-worker", 1);

    /** A thread for each check, so that a rollback waits for none and a fault of one ends nothing else. */
    private final Executor checks =
            new SimpleAsyncTaskExecutor(new CamelThreadFactory("#name#", "routes-check", true));

    private final AtomicInteger waitingRollbacks = new AtomicInteger();
    private volatile Status published = Status.NONE;
    private volatile Rehearsal rehearsal = Rehearsal.NONE;

    // The worker owns these fields.
    private Served serving = Status.NONE.serving();
    private Canary canary;
    private Rejection rejected;
    private Rejection untried;
    private Long rolledBack;

    Reload(ApplicationContext application, RoutesSettings settings, Serving generations, Trial trial,
            CanaryCounts counts, ReloadMeters meters, Clock clock, ObjectProvider<RouteFiles> checked) {
        this.application = application;
        this.settings = settings;
        this.generations = generations;
        this.history = new History(settings.history());
        this.clock = clock;
        this.trial = trial;
        this.meters = meters;
        this.counts = counts;
        this.folder = new FolderWatch(settings.directory(), LOG::warn, System::nanoTime);
        this.first = checked.getIfAvailable(() -> RouteFiles.read(settings.directory()));
        this.checked = checked.getIfAvailable() != null;
    }

    /** Activates the routes of the startup. */
    @Override
    public void start() {
        checkFirst();
        serve(first, START, settings.label(), null, ALL);
        folder.begin(first);
        publish();
        folder.start();
        if (settings.liveReload()) {
            // So that the check of the first edit loads no classes, which takes a second.
            submitCheck(first);
        }
        generations.begin();
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
            report.findings(Level.WARNING).stream().map(Report::line).forEach(LOG::warn);
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
    public Attempt reload(String by, boolean accept) {
        long start = System.nanoTime();
        Reading now = folder.read(FolderWatch.PATIENCE);
        return submit(() -> now.content() == null
                ? refuse(Trial.untried(now.unreadable()), null, by, start)
                : load(now.content(), by, start, accept)).join();
    }

    @Override
    public String rehearsalTest(int group, String by) {
        String test = rehearsal.asTest(group);
        AuditLog.write("routes rehearsal shown", "by", by, "group", Integer.toString(group));
        return test;
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
        if (worker.isShutdown()) {
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
                folder.change().ifPresent(changed -> submit(() -> load(changed, FILE_CHANGE, start, false)));
            }
            watch();
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

    private void publish() {
        publish(published.stages());
    }

    private void publish(Map<String, Instant> stages) {
        Reading now = folder.latest();
        boolean differ = differ(now, serving);
        String waits = untried != null && untried.sha256().equals(now.sha256()) ? untried.errors().get(0) : null;
        boolean live = settings.liveReload();
        Served tested = canary == null ? null : canary.served();
        String note = Status.note(serving.number(), live, tested == null ? differ : differ(now, tested),
                Status.isTrying(stages), now.unreadable(), waits);
        published = new Status(serving, tested, generations.draining(), live, now.sha256(), differ,
                tested == null ? note : note == null ? canary.state() : canary.state() + " " + note, rejected,
                history.newestFirst(), stages, rehearsal.lines());
        meters.show(published);
    }

    private static boolean differ(Reading now, Served generation) {
        return now.sha256() == null || !generation.isOf(now.sha256(), now.content().routes());
    }

    /** Begins a stage. The first one after an outcome begins another attempt, and so does a check during a watch. */
    private void stage(String name) {
        String last = published.stage();
        boolean begins = last == null || name.equals(Status.CHECKING) && !name.equals(last);
        Map<String, Instant> all = new LinkedHashMap<>(begins ? Map.of() : published.stages());
        boolean counts = last != null && last.startsWith(Status.TRYING) && name.startsWith(Status.TRYING);
        all.putIfAbsent(name, counts ? all.remove(last) : now());
        publish(all);
        // Another line reports the outcome.
        if (published.stage() != null && !name.equals(last)) {
            LOG.debug("Edit of the routes: {}", name);
        }
    }

    private Verdict tryOut(FolderContent content, boolean accept) {
        rehearsal = Rehearsal.NONE;
        progress(Status.CHECKING);
        Verdict checked = check(content.routes());
        if (!checked.passed()) {
            return checked;
        }
        Verdict tried = trial.run(content, RouteFiles.of(settings.directory(), serving.files()), accept,
                this::progress);
        rehearsal = tried.rehearsal();
        return tried.passed() ? checked : tried;
    }

    private Verdict check(RouteFiles files) {
        Future<Report> check = submitCheck(files);
        while (true) {
            try {
                return Verdict.of(check.get(TURN_OF_CHECK_MILLIS, TimeUnit.MILLISECONDS), files);
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

    private Future<Report> submitCheck(RouteFiles files) {
        return CompletableFuture.supplyAsync(() -> application.getBean(Check.class).run(files), checks)
                .orTimeout(LONGEST_CHECK_SECONDS, TimeUnit.SECONDS);
    }

    private void progress(String stage) {
        stage(stage);
        boolean isHarmful = canary != null && canary.verdict().decision() == Canary.Decision.ROLL_BACK;
        if (isHarmful || waitingRollbacks.get() > 0 || worker.isShutdown()) {
            throw new CancellationException("a rollback or the stop of the service comes first");
        }
    }

    private Attempt check(Reading now, String by, long start) {
        Verdict verdict = now.content() == null ? Trial.untried(now.unreadable()) : tryOut(now.content(), false);
        String outcome = verdict.passed() ? "passed" : outcome(verdict.stage());
        AuditLog.write("routes checked", "by", by, "outcome", outcome);
        return result(outcome, verdict.stage(), verdict.messages(), start);
    }

    private Attempt load(FolderContent wanted, String by, long start, boolean accept) {
        RouteFiles files = wanted.routes();
        if (rolledBack != null && start - rolledBack < 0) {
            return refuse(new Verdict(SUPERSEDED, List.of("generation " + serving.number() + " was made to serve"
                    + " meanwhile (" + serving.by() + "); reload to load these files")), files, by, start);
        }
        folder.settle(wanted);
        untried = null;
        if (serving.isOf(files.sha256(), files)) {
            return unchanged(by, start);
        }
        if (canary != null && canary.served().isOf(files.sha256(), files)) {
            return accept ? promote(by, start) : result(CANARY, null, List.of(canary.state()), start);
        }
        Verdict verdict = tryOut(wanted, accept);
        if (!verdict.passed()) {
            return refuse(verdict, files, by, start);
        }
        Reading now = folder.read(SOON);
        if (now.unreadable() == null && !now.content().routes().isSame(files)) {
            folder.settle(null);
            return refuse(new Verdict(SUPERSEDED, List.of("the files in " + settings.directory() + " changed while they"
                    + " were tried; " + (settings.liveReload() ? "the service loads those that are there now"
                            : "reload once more"))), files, by, start);
        }
        stage(Status.STARTING);
        int percent = accept ? 0 : settings.canaryPercent();
        try {
            serve(files, by, null, null, percent == 0 ? ALL : percent);
        } catch (RoutesNotStartedException failed) {
            return refuse(new Verdict(START, List.of(failed.getMessage())), files, by, start);
        }
        rejected = null;
        return percent == 0 ? served("serves", verdict.messages(), start)
                : begun(Stream.concat(Stream.of(canary.state()), verdict.messages().stream()).toList(), start);
    }

    private Attempt begun(List<String> messages, long start) {
        Served first = canary.served();
        LOG.info("Generation {} of the routes gets {} of the sessions for {} s, after {} ms ({}; sha256 {}{}), and"
                + " generation {} the others", first.number(), settings.canary(), settings.watch().toSeconds(),
                millisSince(start), first.by(), first.sha256(), rehearsed(), serving.number());
        return result(CANARY, null, messages, start);
    }

    @Override
    public Attempt promote(String by) {
        long start = System.nanoTime();
        return submit(() -> canary == null ? result("unchanged", null, List.of("there is no canary"), start)
                : promote(by, start)).join();
    }

    /** Gives the canary to all sessions. */
    private Attempt promote(String by, long start) {
        Canary proven = canary;
        try {
            generations.promote();
        } catch (RuntimeException failed) {
            withdraw();
            return refuse(new Verdict(START,
                    List.of("generation " + proven.served().number() + ": " + failed.getMessage())),
                    RouteFiles.of(settings.directory(), proven.served().files()), by, start);
        }
        proven.end();
        canary = null;
        serving = proven.served();
        AuditLog.write("routes promoted", "by", by, "generation", Integer.toString(serving.number()), "sha256",
                serving.sha256());
        return served("serves", List.of(proven.state()), start);
    }

    private void withdraw() {
        if (canary != null) {
            forget();
            generations.withdraw();
        }
    }

    /** Ends the canary because of what it did, or because an operator wants it. Its files stay out. */
    private void withdraw(String by) {
        AuditLog.write("routes withdrawn", "by", by, "generation", Integer.toString(canary.served().number()),
                "sha256", canary.served().sha256());
        withdraw();
        keep();
    }

    /** Ends the comparison with a canary that is not to be activated. */
    private void forget() {
        if (canary != null) {
            history.add(canary.served().withdraw());
            canary.end();
            canary = null;
        }
    }

    private Attempt unchanged(String by, long start) {
        if (rejected != null || canary != null) {
            rejected = null;
            withdraw();
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
        if (canary != null && wanted.number() == serving.number()) {
            withdraw(by);
            return served("undone", List.of(), start);
        }
        RouteFiles files = RouteFiles.of(settings.directory(), wanted.files());
        try {
            serve(files, by + ", back to generation " + wanted.number(), wanted.label(), wanted.origin(), ALL);
        } catch (RoutesNotStartedException failed) {
            return refuse(new Verdict(START, List.of(failed.getMessage())), files, by, start);
        }
        keep();
        return served("undone", List.of(), start);
    }

    private void watch() {
        Canary.Verdict verdict = canary == null ? null : canary.verdict();
        if (verdict != null && verdict.decision() == Canary.Decision.ROLL_BACK) {
            undo(verdict.text());
        } else if (verdict != null && verdict.decision() == Canary.Decision.PROMOTE) {
            promote(CANARY, System.nanoTime());
        }
    }

    /** Ends a canary that harms its sessions. */
    private void undo(String harm) {
        Served harmful = canary.served();
        withdraw(CANARY);
        rejected = new Rejection(now(), harmful.by(), CANARY, harmful.sha256(), List.of(harm), List.of());
        meters.count("rolled_back");
        stage("rolled back");
        LOG.warn("Generation {} of the routes is undone, and generation {} serves all sessions: {}. The files in {} do"
                + " not serve until they change again", harmful.number(), serving.number(), harm,
                settings.directory());
    }

    /** Keeps the active generation until the files change: what just happened is newer than the files in the folder. */
    private void keep() {
        Reading now = folder.read(SOON);
        if (now.content() != null) {
            folder.settle(now.content());
        }
        rolledBack = System.nanoTime();
    }

    /** @param percent share of the sessions; {@value #ALL} activates the files */
    private void serve(RouteFiles files, String by, String label, Integer backTo, int percent) {
        int number = history.lastNumber() + 1;
        try {
            generations.serve(number, files, percent);
        } catch (RuntimeException failure) {
            throw new RoutesNotStartedException(files, failure);
        }
        Served started = new Served(number, files.sha256(), now(), by, label, backTo, null,
                files.texts());
        untried = null;
        forget();
        history.add(started);
        AuditLog.write("routes loaded", "by", by, "generation", Integer.toString(number), "sha256", started.sha256(),
                "label", label);
        if (percent == ALL) {
            serving = started;
        } else {
            canary = new Canary(started, percent, settings.watch(), counts, System::nanoTime);
        }
    }

    private Attempt served(String change, List<String> warnings, long start) {
        meters.count(change);
        LOG.info("Generation {} of the routes serves after {} ms ({}; {} files, sha256 {}{})", serving.number(),
                millisSince(start), serving.by(), serving.files().size(), serving.sha256(),
                change.equals("serves") ? rehearsed() : "");
        return result("serves", null, warnings, start);
    }

    private String rehearsed() {
        List<String> lines = rehearsal.lines();
        return lines.isEmpty() ? "" : "; rehearsal: " + String.join("; ", lines);
    }

    private static String outcome(String stage) {
        return stage.equals(Trial.UNTRIED) || stage.equals(SUPERSEDED) ? stage : "rejected";
    }

    /**
     * @param verdict its stage is that of a rejection, or otherwise the outcome
     * @param files {@code null} if they could not be read
     */
    private Attempt refuse(Verdict verdict, RouteFiles files, String by, long start) {
        if (worker.isShutdown()) {
            // The stop of the service may have ended the trial, so the set may be good.
            return stopped();
        }
        String stage = verdict.stage();
        String outcome = outcome(stage);
        boolean isRejection = outcome.equals("rejected");
        String sha256 = files == null ? null : files.sha256();
        Rejection refused = new Rejection(now(), by, stage, sha256, verdict.messages(), verdict.sources());
        rejected = isRejection ? refused : rejected;
        untried = stage.equals(Trial.UNTRIED) && sha256 != null ? refused : untried;
        meters.count(outcome);
        String what = outcome.equals(Trial.UNTRIED) ? "not tried" : outcome;
        (outcome.equals(SUPERSEDED) ? LOG.atInfo() : LOG.atWarn()).log("The routes in {} are {}{} ({}), and generation"
                + " {} stays active:\n{}", settings.directory(), what, isRejection ? " at stage " + stage : "", by,
                serving.number(), String.join("\n", verdict.messages()));
        AuditLog.write("routes " + what, "by", by, "stage", isRejection ? stage : null, "sha256", sha256, "reason",
                verdict.messages().get(0), "generation", Integer.toString(serving.number()));
        return result(outcome, stage, verdict.messages(), start);
    }

    private Attempt result(String outcome, String stage, List<String> messages, long start) {
        stage(outcome.equals(CANARY) ? Status.WATCHING : outcome);
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
