package org.ccmessaging.filestream.routes;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.LifecycleStrategySupport;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.routes.RoutesState.Attempt;
import org.ccmessaging.filestream.routes.RoutesState.Mistake;
import org.ccmessaging.filestream.routes.RoutesState.Outcome;
import org.ccmessaging.filestream.routes.RoutesState.Rejected;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Loads the routes of the folder at startup, and again when they change. No request fails, and none runs through two
 * versions. Files with an error change nothing. One thread reads the folder, which may be a mount that hangs.
 */
@Component
public class LiveRoutes implements CamelContextConfiguration, SmartLifecycle {

    /** Time for which files must not change before the service loads them. Editors and Git take less. */
    private static final Duration QUIET = Duration.ofMillis(250);

    /** Maximum wait for the requests in the routes, during which no other request enters them. */
    private static final Duration DRAINING = Duration.ofSeconds(2);

    private static final Duration RETRY = Duration.ofSeconds(10);

    /** Maximum wait of a user for the result of a reload. */
    private static final Duration RESULT = Duration.ofSeconds(30);

    /** Number of former sets in memory. */
    private static final int MOST_FORMER = 5;

    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    /** Loaded routes. */
    private record Active(RouteFiles files, String sha256, Instant since, String by) {
    }

    private final RoutesSettings settings;
    private final Check check;
    private final RouteLoader loader;
    private final RequestGate gate;
    private final ReloadMeters meters;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final PeriodicTasks thread = new PeriodicTasks("routes", 1);
    private final Deque<RouteFiles> former = new ArrayDeque<>();

    private volatile Active active =
            new Active(new RouteFiles(null, Collections.emptySortedMap()), null, null, null);
    private volatile String folder;
    private volatile String unreadable;
    private volatile String waits;
    private volatile Rejected rejected;
    private volatile List<String> stopped = List.of();

    private CamelContext camel;
    /** The last files of the folder that the service has loaded, rejected or begun to try. */
    private RouteFiles tried;
    private Instant retry = Instant.MIN;
    /** Whether Camel could start neither the new routes nor the active ones. */
    private boolean lost;

    LiveRoutes(RoutesSettings settings, Check check, RouteLoader loader, RequestGate gate,
            ReloadMeters meters, ApplicationEventPublisher events, Clock clock) {
        this.settings = settings;
        this.check = check;
        this.loader = loader;
        this.gate = gate;
        this.meters = meters;
        this.events = events;
        this.clock = clock;
        // Meanwhile Spring makes the other beans.
        thread.execute(check::load);
        meters.follow(() -> !Objects.equals(active.sha256, folder), () -> rejected != null);
    }

    /** Returns the state of the routes. It never waits for the folder. */
    public RoutesState state() {
        List<String> now = loader.stopped();
        if (!gate.isClosed()) {
            stopped = now;
        }
        Active routes = active;
        return new RoutesState(routes.sha256, routes.since, routes.by, settings.liveReload(),
                !Objects.equals(routes.sha256, folder), unreadable, waits, rejected,
                stopped.isEmpty() ? null : stopped);
    }

    /**
     * Checks the routes of a startup, before the API port opens.
     *
     * @throws InvalidRoutesException if they have errors
     */
    @Override
    public void start() {
        tried = RouteFiles.read(settings.directory());
        Report report = check.run(tried);
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
    }

    @Override
    public boolean isRunning() {
        return tried != null;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }

    /** Ends reloads before the web server stops, since requests in flight use the routes. */
    @EventListener(ContextClosedEvent.class)
    @Override
    public void stop() {
        thread.shutdownNow();
    }

    /** Loads the routes of a startup, which Camel then starts. */
    @Override
    public void beforeApplicationStart(CamelContext starting) {
        try {
            loader.load(tried);
        } catch (Exception failed) {
            throw new InvalidRoutesException(Check.of(tried, failed));
        }
        activate(tried, "start");
        folder = active.sha256;
        AuditLog.write("routes loaded", "by", "start", "sha256", active.sha256);
        starting.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStarted(CamelContext started) {
                serve(started);
            }
        });
    }

    /** Does nothing: a test with {@code @CamelSpringBootTest} starts the Camel context without this call. */
    @Override
    public void afterApplicationStart(CamelContext started) { }

    /** Lets requests in, and watches the folder. */
    private void serve(CamelContext started) {
        camel = started;
        events.publishEvent(new RoutesChanged(camel));
        gate.open();
        thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        RouteFiles files = read();
        boolean isNew = files != null && !files.isSame(tried) || waits != null && !clock.instant().isBefore(retry);
        if (isNew && settings.liveReload()) {
            reload("file change");
        }
    }

    /** Returns the files of the folder; {@code null} if it cannot be read, or has an empty file or no routes. */
    private RouteFiles read() {
        try {
            RouteFiles files = RouteFiles.read(settings.directory());
            boolean hasAll = !files.contents().isEmpty()
                    && files.contents().values().stream().noneMatch(text -> text.length == 0);
            folder = hasAll ? files.sha256() : null;
            unreadable = hasAll ? null : "the folder has no route files, or an empty one";
            return hasAll ? files : null;
        } catch (UncheckedIOException failed) {
            folder = null;
            unreadable = failed.getCause().toString();
            return null;
        }
    }

    /** Loads the files of the folder now. */
    Attempt reloadNow(String by) {
        return await(() -> reload(by));
    }

    /** Loads the files that were active before, until those in the folder change. */
    Attempt previousNow(String by) {
        return await(() -> {
            RouteFiles before = former.peek();
            if (before == null) {
                return refused(Outcome.REJECTED, by, "no other routes were active since the startup");
            }
            Attempt attempt = load(before, by);
            if (attempt.outcome() == Outcome.LOADED) {
                former.pop();
            }
            return attempt;
        });
    }

    /** The thread leaves out a task whose caller has gone. */
    private Attempt await(Supplier<Attempt> task) {
        try {
            Attempt none = new Attempt(Outcome.BUSY, active.sha256, mistake("the folder does not respond"));
            return CompletableFuture.supplyAsync(task, thread)
                    .completeOnTimeout(none, RESULT.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (RejectedExecutionException stop) {
            return new Attempt(Outcome.BUSY, active.sha256, mistake("the service stops"));
        }
    }

    private Attempt reload(String by) {
        RouteFiles before = active.files;
        RouteFiles files = null;
        try {
            for (RouteFiles read = read(); read != null && (files == null || !read.isSame(files)); read = read()) {
                files = read;
                Thread.sleep(QUIET.toMillis());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new Attempt(Outcome.BUSY, active.sha256, mistake("the service stops"));
        }
        if (unreadable != null) {
            return refused(Outcome.REJECTED, by, unreadable);
        }
        tried = files;
        Attempt attempt = load(files, by);
        if (attempt.outcome() == Outcome.REJECTED) {
            rejected = new Rejected(now(), files.sha256(), attempt.findings());
        } else if (attempt.outcome() == Outcome.LOADED) {
            former.push(before);
            if (former.size() > MOST_FORMER) {
                former.removeLast();
            }
        }
        return attempt;
    }

    private Attempt load(RouteFiles files, String by) {
        waits = null;
        if (files.isSame(active.files) && !lost) {
            rejected = null;
            return new Attempt(Outcome.UNCHANGED, active.sha256, List.of());
        }
        Report report = check.run(files);
        if (report.hasErrors()) {
            return refused(Outcome.REJECTED, by,
                    report.findings(Finding.Level.ERROR).stream().map(Mistake::of).toList());
        }
        try {
            if (!swap(files)) {
                retry = clock.instant().plus(RETRY);
                waits = "a request is in a route for more than " + DRAINING.toSeconds()
                        + " s; the service tries the files again every " + RETRY.toSeconds() + " s";
                return refused(Outcome.BUSY, by, waits);
            }
        } catch (Exception failed) {
            return refused(Outcome.REJECTED, by,
                    Check.of(files, failed).findings().stream().map(Mistake::of).toList());
        }
        activate(files, by);
        AuditLog.write("routes loaded", "by", by, "sha256", active.sha256);
        meters.reloads(Outcome.LOADED).increment();
        return new Attempt(Outcome.LOADED, active.sha256, List.of());
    }

    /**
     * Replaces the active routes. Routes that somebody has stopped are stopped again.
     *
     * @return whether it has; {@code false} if a request or another exchange did not leave the routes in time
     * @throws Exception if a route cannot be started; the active routes are back then
     */
    private boolean swap(RouteFiles files) throws Exception {
        long end = System.nanoTime() + DRAINING.toNanos();
        if (!gate.close(DRAINING)) {
            return false;
        }
        try {
            while (loader.isBusy()) {
                if (System.nanoTime() - end > 0) {
                    return false;
                }
                Thread.sleep(1);
            }
            List<String> before = loader.stopped();
            try {
                loader.unload();
                loader.load(files);
            } catch (Exception failed) {
                restore(failed);
            } finally {
                loader.stop(before);
                events.publishEvent(new RoutesChanged(camel));
            }
            return true;
        } finally {
            gate.open();
        }
    }

    private void restore(Exception failed) throws Exception {
        try {
            loader.unload();
            loader.load(active.files);
        } catch (Exception again) {
            LOG.error("The former routes cannot be started again", again);
            lost = true;
            waits = "no routes are active, because neither these files nor the former ones could be started";
            retry = clock.instant().plus(RETRY);
        }
        throw failed;
    }

    private void activate(RouteFiles files, String by) {
        active = new Active(files, files.sha256(), now(), by);
        rejected = null;
        lost = false;
        meters.show(active.sha256);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private List<Mistake> mistake(String message) {
        return List.of(new Mistake(settings.directory().toString(), null, null, message));
    }

    private Attempt refused(Outcome outcome, String by, String message) {
        return refused(outcome, by, mistake(message));
    }

    private Attempt refused(Outcome outcome, String by, List<Mistake> findings) {
        meters.reloads(outcome).increment();
        AuditLog.write("routes " + outcome, "by", by, "reason", findings.get(0).toString());
        LOG.warn("The routes are not loaded ({}). The active ones stay.{}", outcome,
                findings.stream().map(finding -> "\n" + finding).reduce("", String::concat));
        return new Attempt(outcome, active.sha256, findings);
    }
}
