package org.ccmessaging.filestream.http;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.stereotype.Component;

/**
 * Interrupts routes that wait longer than {@code filestream.routes.timeout}, such as for a step {@code delay} or a
 * server without a time limit. Between steps, {@code BoundedSteps} ends them. One thread looks once in a second,
 * because a timer for each request would cost more (decision 0013).
 */
@Component
class RouteTimeout implements DisposableBean {

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "route-timeout");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Run> running = ConcurrentHashMap.newKeySet();
    private final long nanoseconds;
    private final String allowed;

    RouteTimeout(RoutesSettings settings) {
        Duration timeout = settings.timeout();
        this.nanoseconds = timeout.toNanos();
        this.allowed = "filestream.routes.timeout (" + DurationStyle.SIMPLE.print(
                timeout, timeout.toMillisPart() == 0 ? ChronoUnit.SECONDS : ChronoUnit.MILLIS) + ") allows";
        watch.scheduleWithFixedDelay(() -> running.forEach(Run::interruptIfLate), 1, 1, TimeUnit.SECONDS);
    }

    /** Returns the limit that was exceeded, for messages. */
    String allowed() {
        return allowed;
    }

    /**
     * Runs a route on the current thread.
     *
     * @return whether the route exceeded its time and was interrupted
     */
    boolean run(Runnable route) {
        Run run = new Run(Thread.currentThread(), System.nanoTime());
        running.add(run);
        try {
            route.run();
        } finally {
            running.remove(run);
            run.end();
        }
        return run.interrupted;
    }

    private final class Run {

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

        /** The thread is not interrupted after that. */
        private synchronized void end() {
            ended = true;
            if (interrupted) {
                Thread.interrupted();
            }
        }
    }

    /** Spring calls this after the web server has stopped. */
    @Override
    public void destroy() {
        watch.shutdownNow();
    }
}
