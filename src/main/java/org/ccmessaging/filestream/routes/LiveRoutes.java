package org.ccmessaging.filestream.routes;

import jakarta.annotation.PreDestroy;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.routes.RoutesState.Attempt;
import org.ccmessaging.filestream.routes.RoutesState.Rejected;
import org.ccmessaging.filestream.routes.RoutesState.ReloadOutcome;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RouteError;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.function.ThrowingConsumer;

/**
 * Loads the route files at startup, after a change, and when a user starts a reload. New requests wait during a reload.
 * No request runs through two versions of the routes. If a file has an error, the active routes stay. After startup,
 * only a separate thread reads the folder, because reading a network mount may hang.
 */
@Component
public class LiveRoutes implements SmartInitializingSingleton, StartupListener {

    /** Time without a change before a reload, because an editor or Git may still be writing. */
    private static final Duration QUIET = Duration.ofMillis(250);

    /**
     * Maximum wait for requests to leave the routes. The same maximum then applies to other exchanges, such as those
     * of timers.
     */
    private static final Duration DRAINING = Duration.ofSeconds(2);

    private static final Duration RETRY = Duration.ofSeconds(10);

    /** Maximum time that a user waits for the result of a reload. */
    private static final Duration RESULT = Duration.ofSeconds(30);

    private static final int MOST_FORMER = 5;

    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    private record Active(RouteFiles files, Instant since, String by) {
    }

    private final RoutesSettings settings;
    private final Check check;
    private final RouteLoader loader;
    private final RequestGate gate;
    private final ReloadMeters meters;
    private final CamelContext camel;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final PeriodicTasks thread = new PeriodicTasks("routes", 1);
    private final Deque<RouteFiles> former = new ArrayDeque<>();

    private volatile Active active;
    /** SHA-256 of the files in the folder; {@code null} if a file is empty or unreadable, or no file exists. */
    private volatile String folder;
    private volatile String unreadable;
    private volatile String waits;
    private volatile Rejected rejected;

    /** SHA-256 of the files that the service last tried to load; {@code null} if the service must try again. */
    private String tried;

    /** IDs of the routes that were stopped when all routes were last active. */
    private List<String> stopped = List.of();

    LiveRoutes(RoutesSettings settings, Check check, RouteLoader loader, RequestGate gate, ReloadMeters meters,
            CamelContext camel, ApplicationEventPublisher events, Clock clock) {
        this.settings = settings;
        this.check = check;
        this.loader = loader;
        this.gate = gate;
        this.meters = meters;
        this.camel = camel;
        this.events = events;
        this.clock = clock;
        // Shortens startup: the thread loads classes while Spring creates other beans.
        thread.execute(check::load);
    }

    /** Returns the state of the routes without reading the folder. */
    public RoutesState state() {
        Active routes = active;
        return new RoutesState(routes.files.sha256(), routes.since, routes.by, settings.liveReload(), differs(),
                unreadable != null ? unreadable : waits, rejected(), gate.isClosed() ? List.of() : loader.stopped());
    }

    private boolean differs() {
        return !active.files.sha256().equals(folder);
    }

    private Rejected rejected() {
        Rejected last = rejected;
        return last != null && last.sha256().equals(folder) ? last : null;
    }

    /** Checks the routes at startup, before the API port opens. */
    @Override
    public void afterSingletonsInstantiated() {
        RouteFiles files = RouteFiles.read(settings.directory());
        Report report = check.run(files);
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
        active = new Active(files, now(), "start");
        meters.follow(this::differs, () -> rejected() != null);
        RouteMBeans.replaceThoseOf(camel);
        ((ThrowingConsumer<StartupListener>) camel::addStartupListener).accept(this);
    }

    /** Does nothing, because Camel calls this method before the context has fully started. */
    @Override
    public void onCamelContextStarted(CamelContext starting, boolean alreadyStarted) { }

    @Override
    public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted) {
        try {
            loader.load(active.files);
        } catch (Exception failed) {
            throw new InvalidRoutesException(Check.of(active.files, failed), failed);
        }
        folder = active.files.sha256();
        tried = folder;
        activate(active);
        events.publishEvent(new RoutesChanged(camel));
        gate.open();
        thread.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
    }

    /** Stops reloads before the web server stops, because requests in flight still use the routes. */
    @EventListener(ContextClosedEvent.class)
    @PreDestroy
    public void stop() {
        thread.shutdownNow();
    }

    private void watch() {
        RouteFiles files = read();
        boolean due = settings.liveReload() ? files != null && !files.sha256().equals(tried) : tried == null;
        if (files != null && due) {
            reload("file change");
        }
    }

    private RouteFiles read() {
        RouteFiles files = null;
        try {
            files = RouteFiles.read(settings.directory());
            unreadable = files.isComplete() ? null : "the folder has no route files, or an empty one";
        } catch (UncheckedIOException failed) {
            unreadable = "the folder cannot be read: " + failed.getCause();
        }
        folder = unreadable == null ? files.sha256() : null;
        return unreadable == null ? files : null;
    }

    Attempt reloadNow(String by) {
        return await(() -> reload(by));
    }

    /** Loads the previously active files, which stay active until the next reload. */
    Attempt previousNow(String by) {
        return await(() -> {
            if (former.isEmpty()) {
                return refused(ReloadOutcome.REJECTED, by, mistake("no other routes were active since the startup"));
            }
            Attempt attempt = load(former.peek(), by);
            if (attempt.outcome() == ReloadOutcome.LOADED) {
                former.pop();
            }
            return attempt;
        });
    }

    /** Runs a task on the thread. Waits up to 30 s for the result, and then cancels a task that has not begun. */
    private Attempt await(Supplier<Attempt> task) {
        try {
            return CompletableFuture.supplyAsync(task, thread).completeOnTimeout(busy("the folder does not respond"),
                    RESULT.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (RejectedExecutionException stop) {
            return busy("the service stops");
        }
    }

    private Attempt busy(String reason) {
        return new Attempt(ReloadOutcome.BUSY, active.files.sha256(), mistake(reason));
    }

    private Attempt reload(String by) {
        RouteFiles before = active.files;
        RouteFiles files = read();
        for (String last = null; files != null && !files.sha256().equals(last); files = read()) {
            last = files.sha256();
            LockSupport.parkNanos(QUIET.toNanos());
        }
        if (files == null) {
            return refused(ReloadOutcome.REJECTED, by, mistake(unreadable));
        }
        tried = files.sha256();
        Attempt attempt = load(files, by);
        if (attempt.outcome() == ReloadOutcome.BUSY) {
            tryAgain("an exchange does not leave the routes");
        }
        rejected = attempt.outcome() == ReloadOutcome.REJECTED
                ? new Rejected(now(), files.sha256(), attempt.findings()) : null;
        if (attempt.outcome() == ReloadOutcome.LOADED) {
            former.push(before);
            if (former.size() > MOST_FORMER) {
                former.removeLast();
            }
        }
        return attempt;
    }

    private Attempt load(RouteFiles files, String by) {
        if (files.sha256().equals(active.files.sha256()) && waits == null) {
            return ended(ReloadOutcome.UNCHANGED, List.of());
        }
        waits = null;
        Report report = check.run(files);
        if (report.hasErrors()) {
            return refused(ReloadOutcome.REJECTED, by, report.findings());
        }
        try {
            if (!swap(files)) {
                return refused(ReloadOutcome.BUSY, by, mistake(
                        "an exchange is in a route for more than " + DRAINING.toSeconds() + " s"));
            }
        } catch (InterruptedException stop) {
            return busy("the service stops");
        } catch (Exception failed) {
            return refused(ReloadOutcome.REJECTED, by, Check.of(files, failed).findings());
        }
        activate(new Active(files, now(), by));
        return ended(ReloadOutcome.LOADED, List.of());
    }

    private void tryAgain(String reason) {
        String now = reason + "; the service tries the files again every " + RETRY.toSeconds() + " s";
        waits = now;
        // The task does nothing if another attempt has changed `waits`.
        thread.schedule(() -> tried = waits == now ? null : tried, RETRY.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Replaces the active routes. Returns {@code false} if an exchange did not leave the routes in time. A stopped
     * route stays stopped.
     */
    private boolean swap(RouteFiles files) throws Exception {
        if (!gate.close(DRAINING)) {
            return false;
        }
        try {
            if (loader.isComplete()) {
                stopped = loader.stopped();
            }
            if (!loader.awaitIdle(DRAINING)) {
                return false;
            }
            try {
                loader.load(files);
            } catch (Exception failed) {
                restore();
                throw failed;
            } finally {
                loader.stop(stopped);
                events.publishEvent(new RoutesChanged(camel));
            }
            return true;
        } finally {
            gate.open();
        }
    }

    private void restore() {
        try {
            loader.load(active.files);
        } catch (Exception failed) {
            LOG.error("The former routes cannot be started again", failed);
            tryAgain("no routes are active, because neither these files nor the former ones could be started");
        }
    }

    private void activate(Active routes) {
        active = routes;
        meters.show(routes.files.sha256());
        AuditLog.write("routes loaded", "by", routes.by, "sha256", routes.files.sha256());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private List<RouteError> mistake(String message) {
        return List.of(new RouteError(Place.of(settings.directory()), message, null));
    }

    private Attempt refused(ReloadOutcome outcome, String by, List<RouteError> findings) {
        AuditLog.write("routes " + outcome, "by", by, "reason", findings.get(0).line());
        LOG.warn("The routes are not loaded ({}). The active ones stay.\n{}", outcome,
                findings.stream().map(RouteError::line).collect(Collectors.joining("\n")));
        return ended(outcome, findings);
    }

    private Attempt ended(ReloadOutcome outcome, List<RouteError> findings) {
        meters.reloads(outcome).increment();
        return new Attempt(outcome, active.files.sha256(), findings);
    }
}
