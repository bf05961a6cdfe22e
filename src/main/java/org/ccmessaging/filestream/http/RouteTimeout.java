package org.ccmessaging.filestream.http;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Interrupts routes that wait longer than {@code filestream.routes.timeout}, such as for a step {@code delay} or a
 * server without a time limit. Between steps, {@code BoundedSteps} ends them. One thread looks once in a second,
 * because a timer for each request would cost more (decision 0027).
 */
@Component
class RouteTimeout implements SmartLifecycle {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Set<Run> running = ConcurrentHashMap.newKeySet();
    private final long nanoseconds;
    private final String allowed;
    private volatile Thread watch;

    RouteTimeout(RoutesSettings settings) {
        Duration timeout = settings.timeout();
        this.nanoseconds = timeout.toNanos();
        this.allowed = "filestream.routes.timeout (" + DurationStyle.SIMPLE.print(
                timeout, timeout.toMillisPart() == 0 ? ChronoUnit.SECONDS : ChronoUnit.MILLIS) + ") allows";
    }

    /** What a route that was interrupted took more time than: the setting, and its value. */
    String allowed() {
        return allowed;
    }

    /** Starts the time of the route that this thread runs now. */
    Run run() {
        Run run = new Run(Thread.currentThread(), System.nanoTime());
        running.add(run);
        return run;
    }

    /** A route that runs. */
    final class Run {

        private final Thread thread;
        private final long start;
        private boolean interrupted;
        private boolean ended;

        private Run(Thread thread, long start) {
            this.thread = thread;
            this.start = start;
        }

        private synchronized void interruptIfLate() {
            if (!ended && !interrupted && System.nanoTime() - start > nanoseconds) {
                interrupted = true;
                thread.interrupt();
            }
        }

        /** Ends the time of the route. The thread is not interrupted any more. */
        void end() {
            running.remove(this);
            synchronized (this) {
                ended = true;
                if (interrupted) {
                    Thread.interrupted();
                }
            }
        }

        /** Whether the route took longer than it may. */
        synchronized boolean wasInterrupted() {
            return interrupted;
        }
    }

    @Override
    public void start() {
        Thread started = new Thread(this::watch, "route-timeout");
        started.setDaemon(true);
        watch = started;
        started.start();
    }

    private void watch() {
        while (watch == Thread.currentThread()) {
            running.forEach(Run::interruptIfLate);
            LockSupport.parkNanos(PERIOD.toNanos());
        }
    }

    @Override
    public void stop() {
        Thread stopped = watch;
        watch = null;
        LockSupport.unpark(stopped);
    }

    @Override
    public boolean isRunning() {
        return watch != null;
    }

    /** Before the web server starts, and until it has stopped. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
