package org.ccmessaging.filestream.reload;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.observe.RecentDownloads;
import org.ccmessaging.filestream.reload.ReloadMeters.Outcome;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.routes.testing.Verdict;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Brings sets of route files to serve, one attempt at a time: checks and tries a set, starts it beside the one that
 * serves, and swaps. A set that fails anywhere changes nothing. Who goes back waits for no attempt.
 */
@Component
@ConditionalOnWebApplication
class Reload implements LiveRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /** Until the first generation serves. */
    private static final Served NOTHING = new Served(0, "", Instant.EPOCH, "", null, null, Map.of());

    private static final String START = "start";
    private static final String WATCH = "watch";
    private static final String UNTRIED = "untried";
    private static final String FILE_CHANGE = "file change";

    /** How long it waits before it tries files again that it could not try. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final ApplicationContext application;
    private final RoutesSettings settings;
    private final Generations generations;
    private final History history;
    private final Clock clock;
    private final Trial trial;
    private final ReloadMeters meters;
    private final SwapWatch watch;
    private final ReentrantLock oneAttempt = new ReentrantLock(true);
    private final ReentrantLock oneSwap = new ReentrantLock(true);
    private FolderWatch folder;
    private volatile Served serving = NOTHING;
    private volatile Rejection rejected;
    private volatile Untried untried;
    private volatile boolean superseded;
    private volatile boolean stopping;
    private final AtomicInteger undone = new AtomicInteger();

    /**
     * A set that somebody wants to serve, as it was when its files were read.
     *
     * @param undone how often an older generation had been chosen before that. If another has been since, that choice
     *     is newer
     */
    private record Candidate(RouteFiles files, String by, String commit, int undone) {
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
        this.watch = new SwapWatch(recent, settings.watch(), this::goBack);
    }

    /** Makes the set of the start serve, which has been checked, and watches its folder from then on. */
    void start(RouteFiles files) {
        serve(files, START, commit(), null);
        audit();
        if (settings.liveReload()) {
            folder = new FolderWatch(files, undone::get,
                    (changed, count) -> attempt(candidate(changed, FILE_CHANGE, count)), this::isRetryDue, LOG::warn);
            folder.start();
        }
        watch.start();
    }

    private boolean isRetryDue() {
        if (superseded) {
            // The watch knows files that were there for a moment alone, and may take those before them for told.
            return true;
        }
        Untried last = untried;
        return last != null && !clock.instant().isBefore(last.at().plus(RETRY));
    }

    @EventListener
    void stop(ContextClosedEvent closed) {
        if (closed.getApplicationContext() == application) {
            stopping = true;
            watch.close();
            trial.close();
            if (folder != null) {
                folder.close();
            }
        }
    }

    @Override
    public Status status() {
        Served now = serving;
        Untried last = untried;
        RouteFiles files = null;
        String unreadable;
        try {
            FolderContent content = FolderContent.read(settings.directory());
            files = content.routes();
            unreadable = content.missing().orElse(null);
        } catch (RuntimeException failure) {
            unreadable = FolderContent.reason(settings.directory(), failure);
        }
        String sha256 = unreadable == null ? files.sha256() : null;
        return new Status(now, generations.draining(), settings.liveReload(), sha256,
                unreadable != null || !now.isOf(files), rejected,
                last != null && last.sha256().equals(sha256) ? last.reason() : null, unreadable,
                oneAttempt.isLocked());
    }

    @Override
    public List<Served> history() {
        return history.newestFirst();
    }

    @Override
    public Attempt check(String by) {
        long start = System.nanoTime();
        RouteFiles files;
        try {
            files = RouteFiles.read(settings.directory());
        } catch (RuntimeException unreadable) {
            AuditLog.write("routes checked", "by", by, "outcome", UNTRIED);
            return result(UNTRIED, null, List.of(FolderContent.reason(settings.directory(), unreadable)), start);
        }
        oneAttempt.lock();
        try {
            Verdict verdict = trial.run(files);
            String outcome = stopping ? UNTRIED : verdict.passed() ? "passed" : "rejected";
            AuditLog.write("routes checked", "by", by, "outcome", outcome);
            return result(outcome, verdict.stage(), verdict.passed() ? verdict.warnings() : verdict.errors(), start);
        } catch (NotTriedException failed) {
            AuditLog.write("routes checked", "by", by, "outcome", UNTRIED);
            return result(UNTRIED, null, List.of(failed.getMessage()), start);
        } finally {
            oneAttempt.unlock();
        }
    }

    @Override
    public Attempt reload(String by) {
        long start = System.nanoTime();
        int count = undone.get();
        RouteFiles files;
        try {
            files = RouteFiles.read(settings.directory());
        } catch (RuntimeException unreadable) {
            return notTried(FolderContent.reason(settings.directory(), unreadable), null, by, start);
        }
        return attempt(candidate(files, by, count));
    }

    @Override
    public Attempt rollback(int number, String by) {
        Served wanted = history.find(number).orElseThrow(() -> new IllegalArgumentException("no generation " + number
                + " in the history: " + history.newestFirst().stream().map(Served::number).toList()));
        long start = System.nanoTime();
        RouteFiles files = files(wanted);
        oneSwap.lock();
        try {
            goBackTo(wanted, files, by);
            watch.end();
            meters.count(Outcome.UNDONE);
            return served(List.of(), start);
        } catch (RejectedException failed) {
            return reject(failed, files, by, start);
        } finally {
            oneSwap.unlock();
        }
    }

    /** @throws RejectedException if it cannot be started */
    private void goBackTo(Served wanted, RouteFiles files, String by) {
        replace(files, by + ", back to generation " + wanted.number(), wanted.commit(), wanted.origin());
        if (folder != null) {
            folder.settle();
        }
        undone.incrementAndGet();
    }

    private RouteFiles files(Served generation) {
        TreeMap<Path, byte[]> contents = new TreeMap<>();
        generation.texts().forEach((name, text) ->
                contents.put(settings.directory().resolve(name), text.getBytes(StandardCharsets.UTF_8)));
        return new RouteFiles(settings.directory(), contents);
    }

    private Candidate candidate(RouteFiles files, String by, int count) {
        return new Candidate(files, by, commit(), count);
    }

    private String commit() {
        return GitCommit.of(settings.directory()).orElse(null);
    }

    private Attempt attempt(Candidate wanted) {
        long start = System.nanoTime();
        oneAttempt.lock();
        Served before = serving;
        untried = null;
        superseded = false;
        try {
            if (before.isOf(wanted.files())) {
                return unchanged(wanted, start);
            }
            requireNewest(wanted);
            Verdict verdict = trial.run(wanted.files());
            if (!verdict.passed()) {
                throw new RejectedException(verdict.stage(), verdict.errors());
            }
            return swap(wanted, before, verdict.warnings(), start);
        } catch (RejectedException failed) {
            return reject(failed, wanted.files(), wanted.by(), start);
        } catch (NotTriedException failed) {
            tryLater(wanted, before, failed);
            return notTried(failed.getMessage(), wanted.files().sha256(), wanted.by(), start);
        } finally {
            oneAttempt.unlock();
        }
    }

    /** Unless an operator has chosen another generation meanwhile. */
    private void tryLater(Candidate wanted, Served before, NotTriedException failed) {
        oneSwap.lock();
        try {
            if (serving == before) {
                untried = new Untried(clock.instant(), wanted.files().sha256(), failed.getMessage());
            }
        } finally {
            oneSwap.unlock();
        }
    }

    /** @throws RejectedException if an older generation has been chosen since the files were read */
    private void requireNewest(Candidate wanted) {
        if (wanted.undone() != undone.get()) {
            throw new RejectedException(START, List.of("generation " + serving.number()
                    + " was made to serve meanwhile (" + serving.by() + "); reload to load these files"));
        }
    }

    private Attempt unchanged(Candidate wanted, long start) {
        if (rejected != null) {
            rejected = null;
            LOG.info("The files in {} are those that serve: generation {}", settings.directory(), serving.number());
        }
        // Who asks did something. The watch only finds that an edit has been taken back.
        if (!wanted.by().equals(FILE_CHANGE)) {
            AuditLog.write("routes unchanged", "by", wanted.by(), "generation", Integer.toString(serving.number()),
                    "sha256", serving.sha256());
        }
        return result("unchanged", null, List.of(), start);
    }

    private Attempt swap(Candidate wanted, Served before, List<String> warnings, long start) {
        // Before the lock: who goes back waits for no folder.
        boolean changed = hasChangedSince(wanted.files());
        oneSwap.lock();
        try {
            requireNewest(wanted);
            if (changed) {
                superseded = true;
                return superseded(wanted, start);
            }
            replace(wanted.files(), wanted.by(), wanted.commit(), null);
            watch.begin(before, serving);
            rejected = null;
            meters.count(Outcome.SERVES);
            return served(warnings, start);
        } finally {
            oneSwap.unlock();
        }
    }

    /** Whether the folder holds other files. One that cannot be read tells nothing. */
    private boolean hasChangedSince(RouteFiles files) {
        try {
            FolderContent now = FolderContent.read(settings.directory());
            return now.missing().isEmpty() && !now.hasRoutes(files);
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    private Attempt superseded(Candidate wanted, long start) {
        meters.count(Outcome.SUPERSEDED);
        String reason = "the files in " + settings.directory() + " changed while they were tried; "
                + (settings.liveReload() ? "the service loads those that are there now" : "reload once more");
        LOG.info("A set of routes is superseded ({}), and generation {} goes on: {}", wanted.by(), serving.number(),
                reason);
        AuditLog.write("routes superseded", "by", wanted.by(), "sha256", wanted.files().sha256(), "generation",
                Integer.toString(serving.number()));
        return result("superseded", null, List.of(reason), start);
    }

    /** Undoes a change that harms customers, and what came shortly before it. */
    private void goBack(Served harmful, Served proven, String harm) {
        oneSwap.lock();
        try {
            if (serving != harmful) {
                return;
            }
            goBackTo(proven, files(proven), WATCH);
            boolean alone = history.newestFirst().stream().map(Served::number)
                    .noneMatch(number -> number > proven.number() && number < harmful.number());
            String reason = alone ? harm : harm + ". What came after generation " + proven.number() + " is undone as"
                    + " well, because each edit followed the one before within filestream.routes.watch";
            rejected = new Rejection(clock.instant(), harmful.by(), WATCH, harmful.sha256(), List.of(reason));
            meters.count(Outcome.ROLLED_BACK);
            LOG.warn("Generation {} of the routes is undone, and generation {} serves with the files of generation {}:"
                    + " {}. The files in {} do not serve until they change again", harmful.number(), serving.number(),
                    proven.number(), reason, settings.directory());
            audit();
        } finally {
            oneSwap.unlock();
        }
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
                serving.sha256(), "commit", serving.commit());
    }

    private Attempt reject(RejectedException failed, RouteFiles files, String by, long start) {
        if (stopping) {
            // What ends with the service says nothing of the set.
            return result(UNTRIED, null, failed.errors(), start);
        }
        rejected = new Rejection(clock.instant(), by, failed.stage(), files.sha256(), failed.errors());
        meters.count(Outcome.REJECTED);
        LOG.warn("The routes in {} are rejected at stage {} ({}), and generation {} goes on:\n{}", files.folder(),
                failed.stage(), by, serving.number(), String.join("\n", failed.errors()));
        AuditLog.write("routes rejected", "by", by, "stage", failed.stage(), "sha256", files.sha256(), "reason",
                failed.errors().get(0), "generation", Integer.toString(serving.number()));
        return result("rejected", failed.stage(), failed.errors(), start);
    }

    /** @param sha256 of the files; {@code null} if they could not be read */
    private Attempt notTried(String reason, String sha256, String by, long start) {
        meters.count(Outcome.UNTRIED);
        LOG.warn("The routes in {} are not tried yet ({}), and generation {} goes on: {}", settings.directory(), by,
                serving.number(), reason);
        AuditLog.write("routes not tried", "by", by, "sha256", sha256, "reason", reason, "generation",
                Integer.toString(serving.number()));
        return result(UNTRIED, null, List.of(reason), start);
    }

    private Attempt result(String outcome, String stage, List<String> messages, long start) {
        return new Attempt(outcome, serving.number(), stage, messages,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /** @throws RejectedException if the set cannot be started */
    private void replace(RouteFiles files, String by, String commit, Integer backTo) {
        try {
            serve(files, by, commit, backTo);
        } catch (RoutesNotStartedException notStarted) {
            throw new RejectedException(START, List.of(notStarted.getMessage()));
        }
    }

    /** @throws RoutesNotStartedException if the set cannot be started */
    private void serve(RouteFiles files, String by, String commit, Integer backTo) {
        Generation started;
        try {
            started = generations.serve(history.lastNumber() + 1, files);
        } catch (RuntimeException failure) {
            throw new RoutesNotStartedException(files, failure);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        files.contents().forEach((file, bytes) ->
                texts.put(file.getFileName().toString(), new String(bytes, StandardCharsets.UTF_8)));
        serving = new Served(started.number(), files.sha256(), clock.instant(), by, commit, backTo, texts);
        untried = null;
        superseded = false;
        meters.serves(serving.number(), serving.sha256());
        history.add(serving);
    }
}
