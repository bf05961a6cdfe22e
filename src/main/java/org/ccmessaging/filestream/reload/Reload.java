package org.ccmessaging.filestream.reload;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import org.ccmessaging.filestream.reload.ReloadMeters.Outcome;
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
    private static final String UNTRIED = "untried";
    private static final String FILE_CHANGE = "file change";

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
    private final PriorityBlockingQueue<Command> queue = new PriorityBlockingQueue<>();
    private final Thread worker = new CamelThreadFactory("#name#-#counter#", "routes", true).newThread(this::work);
    private final FolderWatch folder;
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

        private Command(Order order, long time, LongFunction<Attempt> work) {
            this(order, time, work, new CompletableFuture<>());
        }

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
            queue.add(new Command(Order.STOP, System.nanoTime(), time -> null));
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
        return submit(Order.ATTEMPT, start, time -> now.content() == null
                ? checked(UNTRIED, null, List.of(now.unreadable()), by, time) : check(now.content(), by, time));
    }

    @Override
    public Attempt reload(String by) {
        long start = System.nanoTime();
        Reading now = folder.read(FolderWatch.PATIENCE);
        return submit(Order.ATTEMPT, start, time -> now.content() == null
                ? refuse(Outcome.UNTRIED, null, List.of(now.unreadable()), null, by, time)
                : load(now.content(), by, time));
    }

    @Override
    public Attempt rollback(int number, String by) {
        List<Served> known = published.history();
        Served wanted = known.stream().filter(served -> served.number() == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no generation " + number + " in the history: "
                        + known.stream().map(Served::number).toList()));
        return submit(Order.ROLLBACK, System.nanoTime(), time -> rollback(wanted, by, time));
    }

    private Attempt submit(Order order, long time, LongFunction<Attempt> work) {
        Command command = new Command(order, time, work);
        queue.add(command);
        if (worker.getState() == Thread.State.TERMINATED) {
            refuseAll();
        }
        return command.done().join();
    }

    private void work() {
        while (!isStopping()) {
            try {
                Command next = queue.poll(TURN_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null && next.order() == Order.STOP) {
                    break;
                } else if (next != null) {
                    run(next);
                } else if (settings.liveReload()) {
                    loadChange();
                }
                turn(false);
            } catch (InterruptedException stop) {
                break;
            } catch (RuntimeException | Error failed) {
                // The next edit may be the one that mends it.
                LOG.error("The service goes on watching {}, but could not deal with its last change",
                        settings.directory(), failed);
            }
        }
        refuseAll();
    }

    private void run(Command command) {
        try {
            Attempt done = command.work().apply(command.time());
            publish(false);
            command.done().complete(done);
        } catch (RuntimeException | Error failed) {
            command.done().completeExceptionally(failed);
        }
    }

    private void refuseAll() {
        for (Command each = queue.poll(); each != null; each = queue.poll()) {
            each.done().complete(result(UNTRIED, null, List.of("the service stops"), each.time()));
        }
    }

    private boolean isStopping() {
        Command next = queue.peek();
        return next != null && next.order() == Order.STOP;
    }

    /** Looks at the downloads and at the folder. Returns whether nothing more urgent than an attempt waits. */
    private boolean turn(boolean trying) {
        watch.look().ifPresent(harm -> queue.add(new Command(Order.ROLLBACK, System.nanoTime(), time -> goBack(harm))));
        publish(trying);
        Command next = queue.peek();
        return next == null || next.order() == Order.ATTEMPT;
    }

    private void publish(boolean trying) {
        Reading now = folder.latest();
        boolean differ = !serving.sha256().equals(now.sha256())
                || !List.copyOf(serving.texts().keySet()).equals(now.content().routes().names());
        String waits = untried != null && untried.sha256().equals(now.sha256()) ? untried.reason() : null;
        published = new Status(serving, generations.draining(), settings.liveReload(), now.sha256(), differ, rejected,
                waits, now.unreadable(), trying, history.newestFirst());
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

    private Attempt check(FolderContent content, String by, long start) {
        try {
            Verdict verdict = tryOut(content, () -> false)
                    .orElseGet(() -> new Verdict(null, List.of(), List.of("the service stops")));
            return checked(isStopping() ? UNTRIED : verdict.passed() ? "passed" : "rejected", verdict.stage(),
                    verdict.passed() ? verdict.warnings() : verdict.errors(), by, start);
        } catch (Trial.NoRoomException failed) {
            return checked(UNTRIED, null, List.of(failed.getMessage()), by, start);
        }
    }

    private Attempt checked(String outcome, String stage, List<String> messages, String by, long start) {
        AuditLog.write("routes checked", "by", by, "outcome", outcome);
        return result(outcome, stage, messages, start);
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
        Optional<Verdict> tried;
        try {
            tried = tryOut(wanted, () -> isOlderThanARollback(start));
        } catch (Trial.NoRoomException failed) {
            untried = new Untried(clock.instant(), files.sha256(), failed.getMessage());
            return refuse(Outcome.UNTRIED, null, List.of(failed.getMessage()), files.sha256(), by, start);
        }
        if (tried.isEmpty()) {
            return overtaken(files, by, start);
        }
        Verdict verdict = tried.get();
        if (!verdict.passed()) {
            return reject(verdict.stage(), verdict.errors(), files, by, start);
        }
        Reading now = folder.read(SOON);
        if (now.unreadable() == null && !now.content().hasRoutes(files)) {
            folder.settle(null);
            return refuse(Outcome.SUPERSEDED, null, List.of("the files in " + settings.directory() + " changed while"
                    + " they were tried; " + (settings.liveReload() ? "the service loads those that are there now"
                            : "reload once more")), files.sha256(), by, start);
        }
        Served before = serving;
        try {
            serve(files, by, null, null);
        } catch (RoutesNotStartedException failed) {
            return reject(START, List.of(failed.getMessage()), files, by, start);
        }
        watch.begin(before, serving);
        rejected = null;
        meters.count(Outcome.SERVES);
        return served(verdict.warnings(), start);
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

    /** Ends an attempt that is older than a rollback. */
    private Attempt overtaken(RouteFiles files, String by, long start) {
        return refuse(Outcome.SUPERSEDED, null, List.of(isStopping() ? "the service stops" : "generation "
                + serving.number() + " was made to serve meanwhile (" + serving.by() + "); reload to load these files"),
                files.sha256(), by, start);
    }

    private Attempt rollback(Served wanted, String by, long start) {
        try {
            backTo(wanted, by);
        } catch (RoutesNotStartedException failed) {
            return reject(START, List.of(failed.getMessage()), files(wanted), by, start);
        }
        watch.end();
        meters.count(Outcome.UNDONE);
        return served(List.of(), start);
    }

    /** Rolls back a change that harms customers, and what came shortly before it. */
    private Attempt goBack(Harm harm) {
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
        rejected = new Rejection(clock.instant(), harmful.by(), WATCH, harmful.sha256(), List.of(reason));
        meters.count(Outcome.ROLLED_BACK);
        LOG.warn("Generation {} of the routes is undone, and generation {} serves with the files of generation {}: {}."
                + " The files in {} do not serve until they change again", harmful.number(), serving.number(),
                proven.number(), reason, settings.directory());
        audit();
        return null;
    }

    /** @throws RoutesNotStartedException if the set cannot be started */
    private void backTo(Served wanted, String by) {
        serve(files(wanted), by + ", back to generation " + wanted.number(), wanted.label(), wanted.origin());
        untried = null;
        // A rollback is newer than what the folder holds now.
        Reading now = folder.read(SOON);
        if (now.content() != null) {
            folder.settle(now.content());
        }
        rolledBack = System.nanoTime();
    }

    private RouteFiles files(Served generation) {
        TreeMap<Path, byte[]> contents = new TreeMap<>();
        generation.texts().forEach((name, text) ->
                contents.put(settings.directory().resolve(name), text.getBytes(StandardCharsets.UTF_8)));
        return new RouteFiles(settings.directory(), contents);
    }

    private Attempt served(List<String> warnings, long start) {
        Attempt done = result("serves", null, warnings, start);
        LOG.info("Generation {} of the routes serves after {} ms ({}; {} files, sha256 {})", serving.number(),
                done.millis(), serving.by(), serving.texts().size(), serving.sha256());
        audit();
        return done;
    }

    private void audit() {
        AuditLog.write("routes loaded", "by", serving.by(), "generation", Integer.toString(serving.number()), "sha256",
                serving.sha256(), "label", serving.label());
    }

    private Attempt reject(String stage, List<String> errors, RouteFiles files, String by, long start) {
        if (!isStopping()) {
            rejected = new Rejection(clock.instant(), by, stage, files.sha256(), errors);
        }
        return refuse(Outcome.REJECTED, stage, errors, files.sha256(), by, start);
    }

    /**
     * Ends an attempt that changes nothing.
     *
     * @param stage of a rejection; otherwise {@code null}
     * @param sha256 of the files; {@code null} if they could not be read
     */
    private Attempt refuse(Outcome outcome, String stage, List<String> reasons, String sha256, String by, long start) {
        if (isStopping()) {
            // What ends with the service says nothing of the set.
            return result(UNTRIED, null, reasons, start);
        }
        meters.count(outcome);
        String what = switch (outcome) {
            case REJECTED -> "rejected";
            case SUPERSEDED -> "superseded";
            default -> "not tried";
        };
        LOG.atLevel(outcome == Outcome.SUPERSEDED ? Level.INFO : Level.WARN).log("The routes in {} are {}{} ({}), and"
                + " generation {} goes on:\n{}", settings.directory(), what, stage == null ? "" : " at stage " + stage,
                by, serving.number(), String.join("\n", reasons));
        AuditLog.write("routes " + what, "by", by, "stage", stage, "sha256", sha256, "reason", reasons.get(0),
                "generation", Integer.toString(serving.number()));
        return result(outcome.name().toLowerCase(Locale.ROOT), stage, reasons, start);
    }

    private Attempt result(String outcome, String stage, List<String> messages, long start) {
        return new Attempt(outcome, serving.number(), stage, messages,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
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
        serving = new Served(number, files.sha256(), clock.instant(), by, label, backTo, texts);
        untried = null;
        history.add(serving);
    }
}
