package org.ccmessaging.filestream.routes;

import jakarta.annotation.PreDestroy;
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
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.LifecycleStrategySupport;
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

/**
 * Loads the routes of the folder at startup, and again when they change. No request fails, and none runs through two
 * versions. Files with an error change nothing. One thread reads the folder, which may be a mount that hangs.
 */
@Component
public class LiveRoutes implements CamelContextConfiguration, SmartInitializingSingleton {

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
    private record Active(RouteFiles files, Instant since, String by) {
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
            new Active(new RouteFiles(null, Collections.emptySortedMap(), null), null, null);
    /** The SHA-256 of the files in the folder; {@code null} if they cannot be loaded. */
    private volatile String folder;
    private volatile String unreadable;
    private volatile String waits;
    private volatile Rejected rejected;

    private CamelContext camel;
    /** The SHA-256 of the last files that the service has loaded, rejected or begun to try. */
    private String tried;

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
        meters.follow(this::differs, () -> rejected != null);
    }

    private boolean differs() {
        return !Objects.equals(active.files.sha256(), folder);
    }

    /** Returns the state of the routes. It never waits for the folder. */
    public RoutesState state() {
        List<String> stopped = loader.stopped();
        Active routes = active;
        return new RoutesState(routes.files.sha256(), routes.since, routes.by, settings.liveReload(), differs(),
                unreadable, waits, rejected, stopped.isEmpty() || gate.isClosed() ? null : stopped);
    }

    /**
     * Checks the routes of a startup, before the API port opens.
     *
     * @throws InvalidRoutesException if they have errors
     */
    @Override
    public void afterSingletonsInstantiated() {
        active = new Active(RouteFiles.read(settings.directory()), now(), "start");
        Report report = check.run(active.files);
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
    }

    /** Ends reloads before the web server stops, since requests in flight use the routes. */
    @EventListener(ContextClosedEvent.class)
    @PreDestroy
    public void stop() {
        thread.shutdownNow();
    }

    /** Loads the routes of a startup, which Camel then starts. */
    @Override
    public void beforeApplicationStart(CamelContext starting) {
        RouteMBeans.replaceThoseOf(starting);
        try {
            loader.load(active.files);
        } catch (Exception failed) {
            throw new InvalidRoutesException(Check.of(active.files, failed));
        }
        folder = active.files.sha256();
        tried = folder;
        activate(active);
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
        if (settings.liveReload() && files != null && !files.sha256().equals(tried)) {
            reload("file change");
        }
    }

    /** Returns the files of the folder; {@code null} if it cannot be read, or has an empty file or no routes. */
    private RouteFiles read() {
        RouteFiles files = null;
        try {
            files = RouteFiles.read(settings.directory());
            unreadable = files.isComplete() ? null : "the folder has no route files, or an empty one";
        } catch (UncheckedIOException failed) {
            unreadable = failed.getCause().toString();
        }
        folder = unreadable == null ? files.sha256() : null;
        return unreadable == null ? files : null;
    }

    /** Loads the files of the folder now. */
    Attempt reloadNow(String by) {
        return await(() -> reload(by));
    }

    /** Loads the files that were active before, until those in the folder change. */
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

    /** The thread leaves out a task whose caller has gone. */
    private Attempt await(Supplier<Attempt> task) {
        try {
            return CompletableFuture.supplyAsync(task, thread).completeOnTimeout(busy("the folder does not respond"),
                    RESULT.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (RejectedExecutionException stop) {
            return busy("the service stops");
        }
    }

    private Attempt reload(String by) {
        RouteFiles before = active.files;
        RouteFiles files = read();
        try {
            for (String last = null; files != null && !files.sha256().equals(last); files = read()) {
                last = files.sha256();
                Thread.sleep(QUIET.toMillis());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return busy("the service stops");
        }
        if (files == null) {
            return refused(ReloadOutcome.REJECTED, by, mistake(unreadable));
        }
        tried = files.sha256();
        Attempt attempt = load(files, by);
        if (attempt.outcome() == ReloadOutcome.REJECTED) {
            rejected = new Rejected(now(), files.sha256(), attempt.findings());
        } else if (attempt.outcome() == ReloadOutcome.LOADED) {
            former.push(before);
            if (former.size() > MOST_FORMER) {
                former.removeLast();
            }
        }
        return attempt;
    }

    private Attempt load(RouteFiles files, String by) {
        if (files.sha256().equals(active.files.sha256()) && waits == null) {
            rejected = null;
            return new Attempt(ReloadOutcome.UNCHANGED, active.files.sha256(), List.of());
        }
        waits = null;
        Report report = check.run(files);
        if (report.hasErrors()) {
            return refused(ReloadOutcome.REJECTED, by, report.findings());
        }
        try {
            if (!swap(files)) {
                tryAgain("a request is in a route for more than " + DRAINING.toSeconds() + " s");
                return refused(ReloadOutcome.BUSY, by, mistake(waits));
            }
        } catch (Exception failed) {
            return refused(ReloadOutcome.REJECTED, by, Check.of(files, failed).findings());
        }
        activate(new Active(files, now(), by));
        meters.reloads(ReloadOutcome.LOADED).increment();
        return new Attempt(ReloadOutcome.LOADED, active.files.sha256(), List.of());
    }

    private void tryAgain(String reason) {
        String now = reason + "; the service tries the files again every " + RETRY.toSeconds() + " s";
        waits = now;
        // Unless another attempt has begun.
        thread.schedule(() -> tried = waits == now ? null : tried, RETRY.toSeconds(), TimeUnit.SECONDS);
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
            List<String> stopped = loader.stopped();
            try {
                loader.unload();
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
            loader.unload();
            loader.load(active.files);
        } catch (Exception failed) {
            LOG.error("The former routes cannot be started again", failed);
            tryAgain("no routes are active, because neither these files nor the former ones could be started");
        }
    }

    private void activate(Active routes) {
        active = routes;
        rejected = null;
        meters.show(routes.files.sha256());
        AuditLog.write("routes loaded", "by", routes.by, "sha256", routes.files.sha256());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private List<RouteError> mistake(String message) {
        return List.of(new RouteError(Place.of(settings.directory()), message, null));
    }

    private Attempt busy(String reason) {
        return new Attempt(ReloadOutcome.BUSY, active.files.sha256(), mistake(reason));
    }

    private Attempt refused(ReloadOutcome outcome, String by, List<RouteError> findings) {
        meters.reloads(outcome).increment();
        AuditLog.write("routes " + outcome, "by", by, "reason", findings.get(0).line());
        LOG.warn("The routes are not loaded ({}). The active ones stay.\n{}", outcome,
                findings.stream().map(RouteError::line).collect(Collectors.joining("\n")));
        return new Attempt(outcome, active.files.sha256(), findings);
    }
}
