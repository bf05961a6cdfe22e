package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Route;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.ccmessaging.filestream.observe.RouteMeters;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Starts generations beside the one that serves, swaps, and closes those that have ended their last request (decision
 * 0039).
 */
@Component
@ConditionalOnWebApplication
class Generations implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    /** Where Camel's own context stops: after the web server, which lets the requests in flight end. */
    private static final int PHASE = Integer.MAX_VALUE - 2049;

    /** How often it looks whether a generation has ended its last request, in nanoseconds. */
    private static final long DRAIN_PERIOD = 100_000_000;

    private final ApplicationContext application;
    private final CamelConfigurationProperties configuration;
    private final Serving serving;
    private final RouteMeters meters;
    private final List<Generation> draining = new CopyOnWriteArrayList<>();
    private volatile Thread closing;
    private volatile boolean stopped;

    Generations(ApplicationContext application, CamelConfigurationProperties configuration, Serving serving,
            RouteMeters meters) {
        this.application = application;
        this.configuration = configuration;
        this.serving = serving;
        this.meters = meters;
    }

    /** The generation that serves; {@code null} until the first one does. */
    Generation serving() {
        return serving.current();
    }

    /** The numbers of the generations that end their last requests. */
    List<Integer> draining() {
        return draining.stream().map(Generation::number).toList();
    }

    /**
     * Starts a generation and makes it serve. The one before is closed when its last request has ended.
     *
     * @throws RuntimeException if it cannot be started; then the one before goes on
     */
    synchronized Generation serve(int number, RouteFiles files) {
        Generation next = Generation.start(number, files, application, configuration);
        if (stopped) {
            next.close();
            throw new IllegalStateException("the service stops");
        }
        stopAsBefore(next);
        Generation before = serving.swap(next);
        meters.serve(next.camel());
        if (before != null) {
            draining.add(before);
            LockSupport.unpark(closing);
        }
        return next;
    }

    /** What an operator has stopped stays so. */
    private void stopAsBefore(Generation next) {
        Generation before = serving.current();
        if (before == null) {
            return;
        }
        for (Route route : before.camel().getRoutes()) {
            String id = route.getRouteId();
            try {
                if (before.camel().getRouteController().getRouteStatus(id).isStopped()
                        && next.camel().getRoute(id) != null) {
                    next.camel().getRouteController().stopRoute(id);
                }
            } catch (Exception failed) {
                next.close();
                throw RuntimeCamelException.wrapRuntimeCamelException(failed);
            }
        }
    }

    private void close() {
        while (!stopped) {
            closeIdle();
            LockSupport.parkNanos(draining.isEmpty() ? Long.MAX_VALUE : DRAIN_PERIOD);
        }
    }

    /** A method of its own, because variables of one that waits would keep the last generation in memory. */
    private void closeIdle() {
        for (Generation each : draining) {
            if (!each.isBusy()) {
                close(each);
                draining.remove(each);
            }
        }
    }

    private static void close(Generation drained) {
        try {
            drained.close();
        } catch (RuntimeException failed) {
            LOG.error("Generation {} of the routes did not close", drained.number(), failed);
        }
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::close, "drained-routes");
        thread.setDaemon(true);
        closing = thread;
        thread.start();
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        LockSupport.unpark(closing);
        closing = null;
        draining.forEach(Generation::close);
        draining.clear();
        Generation last = serving.current();
        if (last != null) {
            last.close();
        }
    }

    @Override
    public boolean isRunning() {
        return closing != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
