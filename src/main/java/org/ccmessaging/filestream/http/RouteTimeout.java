package org.ccmessaging.filestream.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Interrupts routes that run longer than {@code filestream.routes.timeout}, such as in a step {@code delay} or a call
 * of a server that does not respond. Between steps, {@code BoundedSteps} ends them. One thread checks all routes once a
 * second, because a timer for each request would cost more (decision 0013).
 */
@Component
class RouteTimeout implements DisposableBean {

    private final PeriodicTasks watch = new PeriodicTasks("route-timeout", 1);

    /** Start of the route that each thread runs, until the route ends or the thread is interrupted. */
    private final ConcurrentMap<Thread, Long> running = new ConcurrentHashMap<>();
    private final long nanoseconds;

    RouteTimeout(RoutesSettings settings) {
        this.nanoseconds = settings.timeout().toNanos();
        // Under the lock of its entry, so that no thread is interrupted after its route.
        watch.scheduleWithFixedDelay(() -> running.keySet().forEach(thread ->
                running.computeIfPresent(thread, this::interruptIfLate)), 1, 1, TimeUnit.SECONDS);
    }

    private Long interruptIfLate(Thread thread, Long start) {
        if (System.nanoTime() - start <= nanoseconds) {
            return start;
        }
        thread.interrupt();
        return null;
    }

    /** Returns whether the route exceeded its time and was interrupted. */
    boolean run(Runnable route) {
        Thread thread = Thread.currentThread();
        running.put(thread, System.nanoTime());
        boolean interrupted = false;
        try {
            route.run();
        } finally {
            interrupted = running.remove(thread) == null;
            if (interrupted) {
                // The route may have ended before it noticed the interrupt.
                Thread.interrupted();
            }
        }
        return interrupted;
    }

    /** Spring calls this method after the web server has stopped. */
    @Override
    public void destroy() {
        watch.shutdownNow();
    }
}
