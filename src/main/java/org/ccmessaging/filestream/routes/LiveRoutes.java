package org.ccmessaging.filestream.routes;

import jakarta.annotation.PreDestroy;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.routes.ExchangesInRoutes.Awaited;
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

    /** Maximum time for which an attempt holds new requests, unless an operator chooses a longer one. */
    private static final Duration HOLD = Duration.ofSeconds(1);

    /** The part of that time for loading the routes, which usually takes 20 to 50 ms (decision 0031). */
    private static final Duration LOADING = Duration.ofMillis(100);

    /** Time until the second attempt. It doubles with each further attempt, up to the maximum. */
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(300);

    /** Maximum time that a user waits for the result of a reload. */
    private static final Duration RESULT = Duration.ofSeconds(30);

    private static final int MAX_FORMER = 5;

    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    /**
     * The active files.
     *
     * @param routes IDs of the routes
     * @param stopped IDs of the routes to stop when routes are active again
     * @param running {@code false} if neither these files nor newer ones could be started; then no routes are active
     */
    private record Active(RouteFiles files, Instant since, String by, List<String> routes, List<String> stopped,
            boolean running) {
    }

    /**
     * An attempt that is repeated.
     *
     * @param sha256 SHA-256 of the files
     * @param attempts how often the service has held requests for these files
     * @param next when the service tries again, as {@link System#nanoTime()}
     */
    private record Waiting(String sha256, String reason, List<Awaited> awaited, int attempts, long next,
            Supplier<Attempt> again) {
    }

    /**
     * The complete state. It is immutable, and only one thread replaces it.
     *
     * @param folder SHA-256 of the files in the folder; {@code null} if a file is empty or unreadable, or none exists
     * @param unreadable why {@code folder} is {@code null}
     * @param tried SHA-256 of the files of the folder that the service last tried to load
     * @param waiting {@code null} unless an attempt is repeated
     * @param rejected the last files, if they were rejected
     * @param former the formerly active files, the last ones first
     */
    private record State(Active active, String folder, String unreadable, String tried, Waiting waiting,
            Rejected rejected, List<RouteFiles> former) {

        State read(String sha256, String problem) {
            return new State(active, sha256, problem, tried, waiting, rejected, former);
        }

        State trying(String sha256) {
            return new State(active, folder, unreadable, sha256, waiting, rejected, former);
        }

        State ended(Waiting repeated, Rejected refused) {
            return new State(active, folder, unreadable, tried, repeated, refused, former);
        }

        State activated(Active routes, List<RouteFiles> before) {
            return new State(routes, folder, unreadable, tried, null, null, before);
        }

        boolean isActive(RouteFiles files) {
            return active.running && files.sha256().equals(active.files.sha256());
        }

        boolean differs() {
            return !active.running || !active.files.sha256().equals(folder);
        }

        Rejected ofFolder() {
            return rejected != null && rejected.sha256().equals(folder) ? rejected : null;
        }

        String sha256() {
            return active.running ? active.files.sha256() : null;
        }
    }

    private final RoutesSettings settings;
    private final Check check;
    private final RouteLoader loader;
    private final RequestGate gate;
    private final ExchangesInRoutes exchanges;
    private final ReloadMeters meters;
    private final CamelContext camel;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final PeriodicTasks thread = new PeriodicTasks("routes", 1);

    private volatile State state;

    LiveRoutes(RoutesSettings settings, Check check, RouteLoader loader, RequestGate gate, ExchangesInRoutes exchanges,
            ReloadMeters meters, CamelContext camel, ApplicationEventPublisher events, Clock clock) {
        this.settings = settings;
        this.check = check;
        this.loader = loader;
        this.gate = gate;
        this.exchanges = exchanges;
        this.meters = meters;
        this.camel = camel;
        this.events = events;
        this.clock = clock;
        // Shortens startup: the thread loads classes while Spring creates other beans.
        thread.execute(check::load);
    }

    /** Returns the state of the routes without reading the folder. */
    public RoutesState state() {
        State now = state;
        Active routes = now.active;
        Waiting waiting = now.waiting;
        String reason = waiting == null ? null : waiting.reason;
        return new RoutesState(now.sha256(), routes.since, routes.by, settings.liveReload(), now.differs(),
                now.unreadable != null ? now.unreadable : reason, waiting == null ? List.of() : waiting.awaited,
                now.ofFolder(), routes.running ? stopped() : routes.routes);
    }

    private List<String> stopped() {
        return gate.isClosed() ? List.of() : loader.stopped();
    }

    /** Checks the routes at startup, before the API port opens. */
    @Override
    public void afterSingletonsInstantiated() {
        RouteFiles files = RouteFiles.read(settings.directory());
        Report report = check.run(files);
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
        Active first = new Active(files, now(), "start", List.of(), List.of(), true);
        state = new State(first, files.sha256(), null, files.sha256(), null, null, List.of());
        meters.follow(() -> state.differs(), () -> state.ofFolder() != null);
        RouteMBeans.replaceThoseOf(camel);
        exchanges.observe(camel);
        ((ThrowingConsumer<StartupListener>) camel::addStartupListener).accept(this);
    }

    /** Does nothing, because Camel calls this method before the context has fully started. */
    @Override
    public void onCamelContextStarted(CamelContext starting, boolean alreadyStarted) { }

    @Override
    public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted) {
        RouteFiles files = state.active.files;
        try {
            loader.load(files);
        } catch (Exception failed) {
            throw new InvalidRoutesException(Check.of(files, failed), failed);
        }
        activate(files, "start", List.of());
        events.publishEvent(new RoutesChanged(camel, true));
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
        State now = state;
        if (files != null && settings.liveReload() && !files.sha256().equals(now.tried)) {
            reload("file change", null);
        } else if (files != null && now.waiting != null && System.nanoTime() - now.waiting.next >= 0) {
            now.waiting.again.get();
        }
    }

    private RouteFiles read() {
        RouteFiles files = null;
        String problem;
        try {
            files = RouteFiles.read(settings.directory());
            problem = files.isComplete() ? null : "the folder has no route files, or an empty one";
        } catch (UncheckedIOException failed) {
            problem = "the folder cannot be read: " + failed.getCause();
        }
        state = state.read(problem == null ? files.sha256() : null, problem);
        return problem == null ? files : null;
    }

    /** @param hold maximum time for which the attempt holds new requests; {@code null} for 1 s */
    Attempt reloadNow(String by, Duration hold) {
        return await(() -> reload(by, hold));
    }

    /** Loads the previously active files, which stay active until the next reload. */
    Attempt previousNow(String by) {
        return await(() -> previous(by));
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
        return new Attempt(ReloadOutcome.BUSY, state.sha256(), mistake(reason));
    }

    private Attempt reload(String by, Duration hold) {
        RouteFiles files = read();
        for (String last = null; files != null && !files.sha256().equals(last); files = read()) {
            last = files.sha256();
            LockSupport.parkNanos(QUIET.toNanos());
        }
        State before = state;
        if (files == null) {
            return refused(ReloadOutcome.REJECTED, by, mistake(before.unreadable));
        }
        state = before.trying(files.sha256());
        return load(files, by, hold, () -> reload(by, null), Stream.concat(Stream.of(before.active.files),
                before.former.stream()).limit(MAX_FORMER).toList());
    }

    private Attempt previous(String by) {
        List<RouteFiles> former = state.former;
        return former.isEmpty()
                ? refused(ReloadOutcome.REJECTED, by, mistake("no other routes were active since the startup"))
                : load(former.get(0), by, null, () -> previous(by), former.subList(1, former.size()));
    }

    /**
     * Loads files.
     *
     * @param again repeats the attempt if exchanges do not leave the routes
     * @param former the formerly active files after a success
     */
    private Attempt load(RouteFiles files, String by, Duration hold, Supplier<Attempt> again,
            List<RouteFiles> former) {
        if (state.isActive(files)) {
            state = state.ended(null, null);
            return ended(ReloadOutcome.UNCHANGED, List.of());
        }
        Report report = check.run(files);
        if (report.hasErrors()) {
            return rejected(files, by, report);
        }
        boolean begins = hold != null || exchanges.olderThan(HOLD).isEmpty();
        Duration longest = (hold == null ? HOLD : hold).minus(LOADING);
        try {
            if (!begins || !swap(files, by, longest)) {
                return busy(files, by, again, exchanges.olderThan(begins ? longest : HOLD), begins);
            }
        } catch (InterruptedException stop) {
            return busy("the service stops");
        } catch (Exception failed) {
            return rejected(files, by, Check.of(files, failed));
        }
        activate(files, by, former);
        return ended(ReloadOutcome.LOADED, List.of());
    }

    /** @param begun whether the attempt has held requests */
    private Attempt busy(RouteFiles files, String by, Supplier<Attempt> again, List<Awaited> awaited, boolean begun) {
        Waiting last = state.waiting;
        boolean repeated = last != null && last.sha256.equals(files.sha256());
        int attempts = (repeated ? last.attempts : 0) + (begun ? 1 : 0);
        Duration pause = begun ? pause(attempts) : Duration.ZERO;
        String held = awaited.isEmpty() ? "exchanges did not leave the routes in time"
                : awaited.stream().map(Awaited::text).collect(Collectors.joining("; "));
        String next = begun ? "after " + pause.toSeconds() + " s" : "when it has ended";
        String reason = held + ". The service tries again " + next + ". To hold new requests for up to 10 s meanwhile:"
                + " POST /actuator/routes with {\"hold\":\"PT10S\"}";
        state = state.ended(new Waiting(files.sha256(), reason, awaited, attempts, System.nanoTime() + pause.toNanos(),
                again), null);
        return repeated ? ended(ReloadOutcome.BUSY, mistake(reason))
                : refused(ReloadOutcome.BUSY, by, mistake(reason));
    }

    /** @param attempts number of attempts that held requests, at least 1 */
    static Duration pause(int attempts) {
        Duration pause = PAUSE.multipliedBy(1L << Math.min(attempts - 1, Integer.SIZE));
        return pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
    }

    private Attempt rejected(RouteFiles files, String by, Report report) {
        Rejected last = state.rejected;
        List<RouteError> findings = report.findings();
        state = state.ended(state.active.running ? null : withoutRoutes(by),
                new Rejected(now(), files.sha256(), findings));
        boolean repeated = last != null && last.sha256().equals(files.sha256()) && last.findings().equals(findings);
        return repeated ? ended(ReloadOutcome.REJECTED, findings) : refused(ReloadOutcome.REJECTED, by, findings);
    }

    /** Returns the attempts that follow while no routes are active. */
    private Waiting withoutRoutes(String by) {
        Active last = state.active;
        return new Waiting(last.files.sha256(), "no routes are active since " + last.since + ": neither the files of "
                + "the folder nor the former ones could be started. The service tries both again every "
                + PAUSE.toSeconds() + " s", List.of(), 0, System.nanoTime() + PAUSE.toNanos(), () -> reload(by, null));
    }

    /**
     * Replaces the active routes. Returns {@code false} if an exchange did not leave the routes in time. A stopped
     * route stays stopped.
     */
    private boolean swap(RouteFiles files, String by, Duration longest) throws Exception {
        long end = System.nanoTime() + longest.toNanos();
        if (!gate.close(longest)) {
            return false;
        }
        try {
            List<String> stopped = state.active.running ? loader.stopped() : state.active.stopped;
            if (!loader.awaitIdle(Duration.ofNanos(end - System.nanoTime()))) {
                return false;
            }
            boolean active = false;
            try {
                loader.load(files);
                active = true;
            } catch (Exception failed) {
                active = restore(by, stopped);
                throw failed;
            } finally {
                loader.stop(stopped);
                events.publishEvent(new RoutesChanged(camel, active));
            }
            return true;
        } finally {
            gate.open();
        }
    }

    /** Starts the former routes. Returns {@code false} if this fails, and then no routes are active. */
    private boolean restore(String by, List<String> stopped) throws Exception {
        Active last = state.active;
        try {
            loader.load(last.files);
        } catch (Exception failed) {
            loader.unload();
            if (last.running) {
                LOG.error("The former routes cannot be started again. No routes are active", failed);
                AuditLog.write("no routes are active", "by", by, "reason",
                        Check.of(last.files, failed).findings().get(0).line());
                state = state.activated(new Active(last.files, now(), by, last.routes, stopped, false), state.former);
                meters.show(null);
            }
            return false;
        }
        if (!last.running) {
            activate(last.files, by, state.former);
        }
        return true;
    }

    private void activate(RouteFiles files, String by, List<RouteFiles> former) {
        state = state.activated(new Active(files, now(), by, loader.routes(), List.of(), true), former);
        meters.show(files.sha256());
        AuditLog.write("routes loaded", "by", by, "sha256", files.sha256());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private List<RouteError> mistake(String message) {
        return List.of(new RouteError(Place.of(settings.directory()), message, null));
    }

    private Attempt refused(ReloadOutcome outcome, String by, List<RouteError> findings) {
        AuditLog.write("routes " + outcome, "by", by, "reason", findings.get(0).line());
        LOG.warn("The routes are not loaded ({}). {}\n{}", outcome,
                state.active.running ? "The active ones stay." : "No routes are active.",
                findings.stream().map(RouteError::line).collect(Collectors.joining("\n")));
        return ended(outcome, findings);
    }

    private Attempt ended(ReloadOutcome outcome, List<RouteError> findings) {
        State now = state;
        meters.reloads(outcome).increment();
        meters.await(now.waiting == null ? List.of() : now.waiting.awaited);
        return new Attempt(outcome, now.sha256(), findings);
    }
}
