package org.ccmessaging.filestream.reload;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.reload.Edit.Kind;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Live routes as a part of the service: gives the {@link Worker} its threads, and starts and stops it. */
@Component
class Reload implements LiveRoutes, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /**
     * Phase of Camel's own context: it starts before the web server opens its port, and stops after the web server has
     * ended the requests in flight.
     */
    private static final int PHASE = Integer.MAX_VALUE - 2049;

    /** Time between two turns of the worker. */
    private static final long TURN_MILLIS = 100;

    private static final Report NO_FINDINGS = new Report(0, List.of());

    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final ApplicationContext application;
    private final RoutesSettings settings;
    private final Serving serving;
    private final FolderWatch folder;
    private final PeriodicTasks checks = new PeriodicTasks("routes-check", 1);
    private final PeriodicTasks thread = new PeriodicTasks("routes-worker", 1);
    private final RouteFiles first;
    private final boolean isOfCaller;
    private final Worker worker;

    Reload(ApplicationContext application, RoutesSettings settings, Serving serving, Canary.Counts counts,
            ReloadMeters meters, Clock clock, ObjectProvider<RouteFiles> checked) {
        this.application = application;
        this.settings = settings;
        this.serving = serving;
        folder = new FolderWatch(settings.directory(), LOG::warn, System::nanoTime);
        worker = new Worker(new Parts(settings.directory(), settings.liveReload(), settings.canaryPercent(),
                thread, folder, this::begin, () -> checks.getActiveCount() > 0 || !checks.getQueue().isEmpty(), serving,
                generation -> new Canary(generation, settings.canaryPercent(), settings.watch(), counts,
                        System::nanoTime,
                        new SecureRandom()),
                new History(settings.history()), meters, AuditLog::write, clock, System::nanoTime));
        RouteFiles ofCaller = checked.getIfAvailable();
        isOfCaller = ofCaller != null;
        first = isOfCaller ? ofCaller : RouteFiles.read(settings.directory());
    }

    /** Begins a check in the one thread for checks, so that no second one runs beside a check that does not end. */
    private CompletableFuture<Report> begin(RouteFiles files) {
        CompletableFuture<Report> result = new CompletableFuture<>();
        Future<?> task = checks.submit(() -> {
            try {
                result.complete(application.getBean(Check.class).run(files));
            } catch (RuntimeException | Error failed) {
                result.completeExceptionally(failed);
            }
        });
        result.whenComplete((report, failure) -> task.cancel(true));
        return result;
    }

    /** Checks the files of a startup, except those that the build or the caller has checked. */
    private Report check(RouteFiles files) {
        Check check = application.getBean(Check.class);
        if (isOfCaller) {
            check.accept(files);
        }
        return isOfCaller || check.isKnown(files) ? NO_FINDINGS : check.run(files);
    }

    /** Activates the routes of the startup. */
    @Override
    public void start() {
        removeTrials(Path.of(System.getProperty("java.io.tmpdir")));
        folder.begin(first);
        worker.start(first, settings.label(), !isOfCaller, this::check);
        folder.start();
        serving.begin();
        if (settings.liveReload()) {
            // So that the check of the first edit loads no classes, which takes a second.
            begin(first);
        }
        thread.scheduleWithFixedDelay(worker::turn, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Removes what killed processes of older versions have left, 80 MB each. */
    static void removeTrials(Path temporary) {
        try (DirectoryStream<Path> trials = Files.newDirectoryStream(temporary, "filestream-trial*")) {
            for (Path trial : trials) {
                FileSystemUtils.deleteRecursively(trial);
            }
        } catch (IOException | DirectoryIteratorException left) {
            LOG.debug("Left-overs of trials stay in {}", temporary, left);
        }
    }

    @Override
    public boolean isRunning() {
        return status().serving().number() > 0;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void stop() {
        serving.close();
    }

    /** Ends reloads before the requests. The context of the management port publishes such an event as well. */
    @EventListener
    void stop(ContextClosedEvent closed) throws InterruptedException {
        if (closed.getApplicationContext() == application) {
            try {
                thread.execute(worker::stop);
            } catch (RejectedExecutionException again) {
                return;
            }
            thread.shutdown();
            folder.close();
            checks.shutdownNow();
            if (!thread.awaitTermination(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("The service stops while it still tries to load {}", settings.directory());
            }
        }
    }

    RouteFiles first() {
        return first;
    }

    @Override
    public Status status() {
        return worker.status();
    }

    @Override
    public Attempt check(String by) {
        return worker.load(by, Kind.CHECK).join();
    }

    @Override
    public Attempt reload(String by, boolean accept) {
        return worker.load(by, accept ? Kind.ACCEPT : Kind.LOAD).join();
    }

    @Override
    public Attempt rollback(int number, String by) {
        return worker.rollback(status().generation(Integer.toString(number)), by).join();
    }

    @Override
    public Attempt promote(String by) {
        return worker.promote(by).join();
    }
}
