package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.ccmessaging.filestream.observe.RecentDownloads;
import org.ccmessaging.filestream.observe.RecentDownloads.Counts;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches how downloads go after a change of the routes, and tells if the service should go back ({@link Watch}). */
final class SwapWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SwapWatch.class);

    /** Undoes a generation. */
    @FunctionalInterface
    interface GoBack {

        /**
         * @param harmful harms customers, unless it serves no more
         * @param proven did not
         * @param reason for people
         */
        void from(Served harmful, Served proven, String reason);
    }

    private final RecentDownloads recent;
    private final Duration longest;
    private final GoBack goBack;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(new CamelThreadFactory("#name#", "routes-watch", true));

    private Served watched;
    private Served proven;
    private Counts before;
    private long end;

    /**
     * @param longest how long a generation is watched; zero for not at all
     * @param goBack undoes a generation
     */
    SwapWatch(RecentDownloads recent, Duration longest, GoBack goBack) {
        this.recent = recent;
        this.longest = longest;
        this.goBack = goBack;
    }

    /** Begins to look every second. */
    void start() {
        if (!longest.isZero()) {
            clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
        }
    }

    /**
     * Watches a generation.
     *
     * @param previous served before it. If that one was still watched, it is compared with the one before that, and so
     *     on: an edit in a hurry after a bad one must not pass for good
     */
    synchronized void begin(Served previous, Served now) {
        if (watched == null) {
            proven = previous;
            before = recent.counts(number -> number <= previous.number());
        }
        watched = now;
        end = System.nanoTime() + longest.toNanos();
    }

    /** Ends the watch: what serves now has been chosen by an operator, or has served before. */
    synchronized void end() {
        watched = null;
    }

    private void look() {
        try {
            compare();
        } catch (RuntimeException failed) {
            // The next second may tell.
            LOG.error("The service could not look how downloads go with the new routes", failed);
        }
    }

    private void compare() {
        Served harmful;
        Served target;
        String reason;
        synchronized (this) {
            if (watched == null) {
                return;
            }
            int number = watched.number();
            reason = Watch.reasonToGoBack(before, recent.counts(each -> each == number)).orElse(null);
            target = proven;
            harmful = watched;
            if (reason != null || System.nanoTime() > end) {
                watched = null;
            }
        }
        if (reason != null) {
            try {
                goBack.from(harmful, target, reason);
            } catch (RuntimeException failed) {
                LOG.error("The service could not go back to generation {}", target.number(), failed);
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
