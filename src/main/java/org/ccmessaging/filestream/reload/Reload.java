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
import java.util.concurrent.locks.ReentrantLock;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.observe.RecentDownloads;
import org.ccmessaging.filestream.reload.ReloadMeters.Outcome;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Level;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Brings sets of route files to serve, one attempt at a time: checks a set, tries it, starts it beside the one that
 * serves, and swaps. A set that fails anywhere changes nothing. Who goes back waits for no attempt.
 */
@Component
@ConditionalOnWebApplication
class Reload implements LiveRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /** Until the first generation serves. */
    private static final Served NOTHING = new Served(0, "", Instant.EPOCH, "", null, Map.of());

    private static final String START = "start";
    private static final String WATCH = "watch";
    private static final String FILE_CHANGE = "file change";

    /** How long it waits before it tries files again that it could not try. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final ApplicationContext application;
    private final RoutesSettings settings;
    private final ObjectProvider<Check> check;
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
    private volatile boolean stopping;

    /** A set that could not be tried, when and why. */
    private record Untried(Instant at, String sha256, String reason) {
    }

    Reload(ApplicationContext application, RoutesSettings settings, ObjectProvider<Check> check,
            Generations generations, Trial trial, RecentDownloads recent, ReloadMeters meters,
            Clock clock) {
        this.application = application;
        this.settings = settings;
        this.check = check;
        this.generations = generations;
        this.history = new History(settings.history());
        this.clock = clock;
        this.trial = trial;
        this.meters = meters;
        this.watch = new SwapWatch(recent, settings.watch(), this::goBack);
    }

    /** Makes the set of the start serve, which has been checked, and watches its folder from then on. */
    void start(RouteFiles files) {
        serve(files, START);
        audit();
        if (settings.liveReload()) {
            folder = new FolderWatch(files, changed -> attempt(changed, FILE_CHANGE), this::isRetryDue, LOG::warn);
            folder.start();
        }
        watch.start();
    }

    private boolean isRetryDue() {
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
        String now = sha256(settings.directory());
        Untried last = untried;
        return new Status(serving, generations.draining(), settings.liveReload(), now,
                !serving.sha256().equals(now), rejected,
                last != null && last.sha256().equals(now) ? last.reason() : null);
    }

    private static String sha256(Path folder) {
        try {
            return RouteFiles.read(folder).sha256();
        } catch (RuntimeException unreadable) {
            return null;
        }
    }

    @Override
    public List<Served> history() {
        return history.newestFirst();
    }

    @Override
    public Attempt check(String by) {
        long start = System.nanoTime();
        Report report = check.getObject().run(RouteFiles.read(settings.directory()));
        AuditLog.write("routes checked", "by", by, "outcome", report.hasErrors() ? "rejected" : "passed");
        return result(report.hasErrors() ? "rejected" : "passed", report.hasErrors() ? "check" : null,
                report.lines(), start);
    }

    @Override
    public Attempt reload(String by) {
        return attempt(RouteFiles.read(settings.directory()), by);
    }

    @Override
    public Attempt rollback(int number, String by) {
        Served wanted = history.find(number).orElseThrow(() -> new IllegalArgumentException("no generation " + number
                + " in the history: " + history.newestFirst().stream().map(Served::number).toList()));
        long start = System.nanoTime();
        RouteFiles files = files(wanted);
        oneSwap.lock();
        try {
            List<String> warnings = checked(files);
            replace(files, by + ", back to generation " + number);
            watch.end();
            meters.count(Outcome.UNDONE);
            return served(warnings, start);
        } catch (RejectedException failed) {
            return reject(failed, files, by, start);
        } finally {
            oneSwap.unlock();
        }
    }

    private RouteFiles files(Served generation) {
        TreeMap<Path, byte[]> contents = new TreeMap<>();
        generation.texts().forEach((name, text) ->
                contents.put(settings.directory().resolve(name), text.getBytes(StandardCharsets.UTF_8)));
        return new RouteFiles(settings.directory(), contents);
    }

    private Attempt attempt(RouteFiles files, String by) {
        long start = System.nanoTime();
        oneAttempt.lock();
        Served before = serving;
        untried = null;
        try {
            if (files.sha256().equals(before.sha256())) {
                return unchanged(start);
            }
            List<String> warnings = checked(files);
            List<String> errors = trial.run(files);
            if (!errors.isEmpty()) {
                throw new RejectedException("try", errors);
            }
            return swap(files, by, before, warnings, start);
        } catch (RejectedException failed) {
            return reject(failed, files, by, start);
        } catch (NotTriedException failed) {
            return notTried(failed, files, by, before, start);
        } finally {
            oneAttempt.unlock();
        }
    }

    private Attempt unchanged(long start) {
        if (rejected != null) {
            rejected = null;
            LOG.info("The files in {} are those that serve: generation {}", settings.directory(), serving.number());
        }
        return result("unchanged", null, List.of(), start);
    }

    private Attempt swap(RouteFiles files, String by, Served before, List<String> warnings, long start) {
        oneSwap.lock();
        try {
            if (serving != before) {
                throw new RejectedException(START, List.of("generation " + serving.number()
                        + " was made to serve meanwhile (" + serving.by() + "); reload to load these files"));
            }
            replace(files, by);
            watch.begin(before, serving);
            rejected = null;
            meters.count(Outcome.SERVES);
            return served(warnings, start);
        } finally {
            oneSwap.unlock();
        }
    }

    /** Undoes a change that harms customers. */
    private void goBack(Served harmful, Served proven, String reason) {
        oneSwap.lock();
        try {
            if (serving != harmful) {
                return;
            }
            replace(files(proven), "watch, back to generation " + proven.number());
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
            return result("rejected", failed.stage(), failed.errors(), start);
        }
        rejected = new Rejection(clock.instant(), by, failed.stage(), files.sha256(), failed.errors());
        meters.count(Outcome.REJECTED);
        LOG.warn("The routes in {} are rejected at stage {} ({}), and generation {} goes on:\n{}", files.folder(),
                failed.stage(), by, serving.number(), String.join("\n", failed.errors()));
        AuditLog.write("routes rejected", "by", by, "stage", failed.stage(), "sha256", files.sha256(), "reason",
                failed.errors().get(0), "generation", Integer.toString(serving.number()));
        return result("rejected", failed.stage(), failed.errors(), start);
    }

    /** The files are tried again later, unless an operator has chosen another generation meanwhile. */
    private Attempt notTried(NotTriedException failed, RouteFiles files, String by, Served before, long start) {
        if (serving == before) {
            untried = new Untried(clock.instant(), files.sha256(), failed.getMessage());
        }
        meters.count(Outcome.UNTRIED);
        LOG.warn("The routes in {} are not tried yet ({}), and generation {} goes on: {}", files.folder(), by,
                serving.number(), failed.getMessage());
        AuditLog.write("routes not tried", "by", by, "sha256", files.sha256(), "reason", failed.getMessage(),
                "generation", Integer.toString(serving.number()));
        return result("untried", null, List.of(failed.getMessage()), start);
    }

    private Attempt result(String outcome, String stage, List<String> messages, long start) {
        return new Attempt(outcome, serving.number(), stage, messages,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /**
     * Checks a set.
     *
     * @return warnings
     * @throws RejectedException if it has errors, or cannot be checked
     */
    private List<String> checked(RouteFiles files) {
        Report report;
        try {
            report = check.getObject().run(files);
        } catch (RuntimeException failure) {
            throw new RejectedException("check", List.of("cannot be checked: " + failure.getMessage()));
        }
        if (report.hasErrors()) {
            throw new RejectedException("check", report.findings(Level.ERROR).stream().map(Report::line).toList());
        }
        return report.findings(Level.WARNING).stream().map(Report::line).toList();
    }

    /** @throws RejectedException if the set cannot be started */
    private void replace(RouteFiles files, String by) {
        try {
            serve(files, by);
        } catch (RoutesNotStartedException notStarted) {
            throw new RejectedException(START, List.of(notStarted.getMessage()));
        }
    }

    /** @throws RoutesNotStartedException if the set cannot be started */
    private void serve(RouteFiles files, String by) {
        Generation started;
        try {
            started = generations.serve(history.lastNumber() + 1, files);
        } catch (RuntimeException failure) {
            throw new RoutesNotStartedException(files, failure);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        files.contents().forEach((file, bytes) ->
                texts.put(file.getFileName().toString(), new String(bytes, StandardCharsets.UTF_8)));
        serving = new Served(started.number(), files.sha256(), clock.instant(), by,
                GitCommit.of(files.folder()).orElse(null), texts);
        untried = null;
        meters.serves(serving.number(), serving.sha256());
        history.add(serving);
    }
}
