package org.ccmessaging.filestream.reload;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.observe.RecentDownloads;
import org.ccmessaging.filestream.reload.FolderWatch.Reading;
import org.ccmessaging.filestream.reload.Watch.Harm;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.testing.Verdict;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Activates sets of route files: checks and tries a set, starts it beside the active one, swaps, and watches it. A set
 * that fails at any stage changes nothing.
 *
 * <p>One thread does all that and owns the state. It takes commands from a queue, where a rollback goes first and ends
 * a trial in progress. Whatever operators see is the {@link Status} that it publishes.
 */
@Component
class Reload implements LiveRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private static final String START = "start";
    private static final String WATCH = "watch";
    private static final String SUPERSEDED = "superseded";
    private static final String FILE_CHANGE = "file change";
    private static final List<String> STOPS = List.of("the service stops");

    /** Time until files are tried again for which there was no room. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** Time between two looks at the folder and at the downloads. */
    private static final long TURN_MILLIS = 200;

    /** Time that the worker waits for a folder that does not respond. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final long LONGEST_END_MILLIS = 5_000;

    private final ApplicationContext application;
    private final RoutesSettings settings;
    private final Generations generations;
    private final History history;
    private final Clock clock;
    private final Trial trial;
    private final ReloadMeters meters;
    private final Watch watch;
    private final FolderWatch folder;
    private final PriorityBlockingQueue<Command> queue = new PriorityBlockingQueue<>();
    private final Thread worker = new CamelThreadFactory("#name#-#counter#", "routes", true).newThread(this::work);
    private volatile Status published = Status.NONE;

    // What follows belongs to the worker.
    private Served serving = Status.NONE.serving();
    private Rejection rejected;
    private Untried untried;
    private Long rolledBack;

    /** The order in which commands are taken. */
    private enum Order { STOP, ROLLBACK, ATTEMPT }

    /**
     * A command.
     *
     * @param time when somebody gave it, in nanoseconds
     * @param work gets that time
     */
    private record Command(Order order, long time, LongFunction<Attempt> work, CompletableFuture<Attempt> done)
            implements Comparable<Command> {

        @Override
        public int compareTo(Command other) {
            return Comparator.comparing(Command::order).thenComparing(Command::time).compare(this, other);
        }
    }

    /** A set that could not be tried, when and why. */
    private record Untried(Instant at, String sha256, String reason) {
    }

    Reload(ApplicationContext application, RoutesSettings settings, Generations generations, Trial trial,
            RecentDownloads recent, ReloadMeters meters, Clock clock) {
        this.application = application;
        this.settings = settings;
        this.generations = generations;
        this.history = new History(settings.history());
        this.clock = clock;
        this.trial = trial;
        this.meters = meters;
        this.watch = new Watch(recent, settings.watch());
        this.folder = new FolderWatch(settings.directory(), LOG::warn);
    }

    /** Activates the set of the startup, which has been checked, and starts to work. */
    void start(RouteFiles files) {
        serve(files, START, settings.label(), null);
        audit();
        folder.begin(files);
        publish(false);
        folder.start(settings.liveReload());
        worker.start();
    }

    @EventListener
    void stop(ContextClosedEvent closed) throws InterruptedException {
        if (closed.getApplicationContext() == application) {
            give(Order.STOP, System.nanoTime(), time -> null);
            folder.close();
            worker.join(LONGEST_END_MILLIS);
            if (worker.isAlive()) {
                LOG.warn("The attempt to load {} goes on while the service stops", settings.directory());
            }
        }
    }

    @Override
    public Status status() {
        return published;
    }

    @Override
    public Attempt check(String by) {
        long start = System.nanoTime();
        Reading now = folder.read(FolderWatch.PATIENCE);
        return submit(Order.ATTEMPT, start, time -> check(now, by, time));
    }

    @Override
    public Attempt reload(String by) {
        long start = System.nanoTime();
        Reading now = folder.read(FolderWatch.PATIENCE);
        return submit(Order.ATTEMPT, start, time -> now.content() == null
                ? refuse(Trial.UNTRIED, List.of(now.unreadable()), null, by, time) : load(now.content(), by, time));
    }

    @Override
    public Attempt rollback(int number, String by) {
        List<Served> known = history();
        Served wanted = known.stream().filter(served -> served.number() == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no generation " + number + "; the last ones: "
                        + Status.numbers(known.stream().map(Served::number).toList())));
        return submit(Order.ROLLBACK, System.nanoTime(), time -> rollback(wanted, by, time));
    }

    private CompletableFuture<Attempt> give(Order order, long time, LongFunction<Attempt> work) {
        Command command = new Command(order, time, work, new CompletableFuture<>());
        queue.add(command);
        return command.done();
    }

    private Attempt submit(Order order, long time, LongFunction<Attempt> work) {
        CompletableFuture<Attempt> done = give(order, time, work);
        return isStopping() ? stopped() : done.join();
    }

    private void work() {
        while (!isStopping()) {
            try {
                Command next = queue.poll(TURN_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    run(next);
                } else if (settings.liveReload()) {
                    loadChange();
                }
                turn(false);
            } catch (InterruptedException stop) {
                give(Order.STOP, 0, time -> null);
            } catch (RuntimeException | Error failed) {
                // The next edit may be the one that mends it.
                LOG.error("The service goes on watching {}, but could not deal with its last change",
                        settings.directory(), failed);
            }
        }
        queue.forEach(each -> each.done().complete(stopped()));
    }

    private void run(Command command) {
        if (command.order() == Order.STOP) {
            // A stop stays in the queue, so that a later command finds it.
            queue.add(command);
            return;
        }
        try {
            Attempt done = command.work().apply(command.time());
            publish(false);
            command.done().complete(done);
        } catch (RuntimeException | Error failed) {
            command.done().completeExceptionally(failed);
        }
    }

    private Attempt stopped() {
        return new Attempt(Trial.UNTRIED, published.serving().number(), null, STOPS, 0);
    }

    private boolean isStopping() {
        Command next = queue.peek();
        return next != null && next.order() == Order.STOP;
    }

    /** Looks at the downloads and at the folder. Returns whether nothing more urgent than an attempt waits. */
    private boolean turn(boolean trying) {
        watch.look().ifPresent(harm -> give(Order.ROLLBACK, System.nanoTime(), time -> rollBack(harm)));
        publish(trying);
        Command next = queue.peek();
        return next == null || next.order() == Order.ATTEMPT;
    }

    private void publish(boolean trying) {
        Reading now = folder.latest();
        boolean differ = !serving.sha256().equals(now.sha256())
                || !List.copyOf(serving.files().keySet()).equals(now.content().routes().names());
        String waits = untried != null && untried.sha256().equals(now.sha256()) ? untried.reason() : null;
        boolean live = settings.liveReload();
        published = new Status(serving, generations.draining(), live, now.sha256(), differ,
                Status.note(serving.number(), live, differ, trying, now.unreadable(), waits), rejected,
                history.newestFirst());
        meters.show(published);
    }

    /** Loads what the folder holds, if that has changed or had no room a minute ago. */
    private void loadChange() {
        if (untried != null && !clock.instant().isBefore(untried.at().plus(RETRY))) {
            folder.settle(null);
        }
        folder.change().ifPresent(changed -> load(changed, FILE_CHANGE, System.nanoTime()));
    }

    /**
     * Tries a set, and once more where a rollback ends the trial.
     *
     * @param overtaken whether a rollback makes the trial needless
     * @return empty if that is so, or the service stops
     */
    private Optional<Verdict> tryOut(FolderContent content, BooleanSupplier overtaken) {
        Optional<Verdict> tried = Optional.empty();
        while (tried.isEmpty() && !isStopping() && !overtaken.getAsBoolean()) {
            tried = turn(true) ? trial.run(content, () -> turn(true)) : tried;
            if (tried.isEmpty() && !isStopping()) {
                run(queue.remove());
            }
        }
        return tried;
    }

    private boolean isOlderThanARollback(long time) {
        return rolledBack != null && time - rolledBack < 0;
    }

    private Attempt check(Reading now, String by, long start) {
        Verdict verdict = now.content() == null ? Trial.untried(now.unreadable())
                : tryOut(now.content(), () -> false).orElse(Trial.untried(STOPS.get(0)));
        String outcome = verdict.passed() ? "passed" : outcome(verdict.stage());
        AuditLog.write("routes checked", "by", by, "outcome", outcome);
        return result(outcome, verdict.stage(), verdict.passed() ? verdict.warnings() : verdict.errors(), start);
    }

    private Attempt load(FolderContent wanted, String by, long start) {
        RouteFiles files = wanted.routes();
        if (isOlderThanARollback(start)) {
            return overtaken(files, by, start);
        }
        folder.settle(wanted);
        untried = null;
        if (serving.isOf(files)) {
            return unchanged(by, start);
        }
        Optional<Verdict> tried = tryOut(wanted, () -> isOlderThanARollback(start));
        if (tried.isEmpty()) {
            return overtaken(files, by, start);
        }
        if (!tried.get().passed()) {
            return refuse(tried.get().stage(), tried.get().errors(), files.sha256(), by, start);
        }
        Reading now = folder.read(SOON);
        if (now.unreadable() == null && !now.content().hasRoutes(files)) {
            folder.settle(null);
            return superseded("the files in " + settings.directory() + " changed while they were tried; "
                    + (settings.liveReload() ? "the service loads those that are there now" : "reload once more"),
                    files, by, start);
        }
        Served before = serving;
        try {
            serve(files, by, null, null);
        } catch (RoutesNotStartedException failed) {
            return refuse(START, List.of(failed.getMessage()), files.sha256(), by, start);
        }
        watch.begin(before, serving);
        rejected = null;
        return served("serves", tried.get().warnings(), start);
    }

    private Attempt unchanged(String by, long start) {
        if (rejected != null) {
            rejected = null;
            LOG.info("The files in {} are those that serve: generation {}", settings.directory(), serving.number());
        }
        // An operator did something. The watch only finds that an edit has been taken back.
        if (!by.equals(FILE_CHANGE)) {
            AuditLog.write("routes unchanged", "by", by, "generation", Integer.toString(serving.number()), "sha256",
                    serving.sha256());
        }
        return result("unchanged", null, List.of(), start);
    }

    private Attempt overtaken(RouteFiles files, String by, long start) {
        return superseded("generation " + serving.number() + " was made to serve meanwhile (" + serving.by()
                + "); reload to load these files", files, by, start);
    }

    private Attempt superseded(String reason, RouteFiles files, String by, long start) {
        return refuse(SUPERSEDED, List.of(reason), files.sha256(), by, start);
    }

    private Attempt rollback(Served wanted, String by, long start) {
        try {
            backTo(wanted, by);
        } catch (RoutesNotStartedException failed) {
            return refuse(START, List.of(failed.getMessage()), wanted.sha256(), by, start);
        }
        watch.end();
        return served("undone", List.of(), start);
    }

    /** Rolls back a change that harms customers, and what came shortly before it. */
    private Attempt rollBack(Harm harm) {
        Served harmful = harm.harmful();
        Served proven = harm.proven();
        if (serving != harmful) {
            return null;
        }
        try {
            backTo(proven, WATCH);
        } catch (RuntimeException failed) {
            LOG.error("The service could not go back to generation {}", proven.number(), failed);
            return null;
        }
        boolean alone = history.newestFirst().stream().map(Served::number)
                .noneMatch(number -> number > proven.number() && number < harmful.number());
        String reason = alone ? harm.reason() : harm.reason() + ". What came after generation " + proven.number()
                + " is undone as well, because each edit followed the one before within filestream.routes.watch";
        rejected = new Rejection(now(), harmful.by(), WATCH, harmful.sha256(), List.of(reason));
        meters.count("rolled_back");
        LOG.warn("Generation {} of the routes is undone, and generation {} serves with the files of generation {}: {}."
                + " The files in {} do not serve until they change again", harmful.number(), serving.number(),
                proven.number(), reason, settings.directory());
        audit();
        return null;
    }

    /** @throws RoutesNotStartedException if the set cannot be started */
    private void backTo(Served wanted, String by) {
        TreeMap<Path, byte[]> contents = new TreeMap<>();
        wanted.files().forEach((name, text) ->
                contents.put(settings.directory().resolve(name), text.getBytes(StandardCharsets.UTF_8)));
        serve(new RouteFiles(settings.directory(), contents), by + ", back to generation " + wanted.number(),
                wanted.label(), wanted.origin());
        // A rollback is newer than what the folder holds now.
        Reading now = folder.read(SOON);
        if (now.content() != null) {
            folder.settle(now.content());
        }
        rolledBack = System.nanoTime();
    }

    private Attempt served(String change, List<String> warnings, long start) {
        meters.count(change);
        Attempt done = result("serves", null, warnings, start);
        LOG.info("Generation {} of the routes serves after {} ms ({}; {} files, sha256 {})", serving.number(),
                done.millis(), serving.by(), serving.files().size(), serving.sha256());
        audit();
        return done;
    }

    private void audit() {
        AuditLog.write("routes loaded", "by", serving.by(), "generation", Integer.toString(serving.number()), "sha256",
                serving.sha256(), "label", serving.label());
    }

    /** Returns what became of a set that ended at this stage. */
    private static String outcome(String stage) {
        return stage.equals(Trial.UNTRIED) || stage.equals(SUPERSEDED) ? stage : "rejected";
    }

    /**
     * Ends an attempt that changes nothing.
     *
     * @param stage of a rejection; otherwise the outcome
     * @param sha256 of the files; {@code null} if they could not be read
     */
    private Attempt refuse(String stage, List<String> reasons, String sha256, String by, long start) {
        if (isStopping()) {
            // What ends with the service says nothing of the set.
            return stopped();
        }
        String outcome = outcome(stage);
        boolean isRejection = outcome.equals("rejected");
        if (isRejection) {
            rejected = new Rejection(now(), by, stage, sha256, reasons);
        } else if (stage.equals(Trial.UNTRIED) && sha256 != null) {
            untried = new Untried(clock.instant(), sha256, reasons.get(0));
        }
        meters.count(outcome);
        String what = outcome.equals(Trial.UNTRIED) ? "not tried" : outcome;
        LOG.atLevel(outcome.equals(SUPERSEDED) ? Level.INFO : Level.WARN).log("The routes in {} are {}{} ({}), and"
                + " generation {} goes on:\n{}", settings.directory(), what, isRejection ? " at stage " + stage : "",
                by, serving.number(), String.join("\n", reasons));
        AuditLog.write("routes " + what, "by", by, "stage", isRejection ? stage : null, "sha256", sha256, "reason",
                reasons.get(0), "generation", Integer.toString(serving.number()));
        return result(outcome, stage, reasons, start);
    }

    private Attempt result(String outcome, String stage, List<String> messages, long start) {
        return new Attempt(outcome, serving.number(), outcome.equals(stage) ? null : stage, messages,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** @throws RoutesNotStartedException if the set cannot be started */
    private void serve(RouteFiles files, String by, String label, Integer backTo) {
        int number = history.lastNumber() + 1;
        try {
            generations.serve(number, files);
        } catch (RuntimeException failure) {
            throw new RoutesNotStartedException(files, failure);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        files.contents().forEach((file, bytes) ->
                texts.put(file.getFileName().toString(), new String(bytes, StandardCharsets.UTF_8)));
        serving = new Served(number, files.sha256(), now(), by, label, backTo, texts);
        untried = null;
        history.add(serving);
    }
}
