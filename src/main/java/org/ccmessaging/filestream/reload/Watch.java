package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.ccmessaging.filestream.observe.RecentDownloads.Counts;
import org.ccmessaging.filestream.observe.RecentDownloads;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;

/**
 * Detects whether a new generation harms customers: whether the share of downloads that fail through the service has
 * risen since its activation.
 *
 * <p>Downloads that broke count only if they broke on each branch that was used since then. If only one branch breaks,
 * its store is at fault; if all break, the routes are, which they share. Refusals, missing files and stores that are
 * down do not count, since customers and stores cause them as well.
 */
final class Watch {

    /**
     * Minimum number of failures for a rollback. In a quiet hour one customer with one odd request makes a share of
     * 100 %, and clients try again two or three times.
     */
    static final long LEAST_FAILURES = 5;

    /**
     * Rise of the share that is harm. A service that works fails in less than one download of a hundred, and the share
     * of a minute with little traffic varies by two or three points. An edit that breaks a branch or a step breaks a
     * fifth of all downloads, or all.
     */
    static final double MARGIN = 0.05;

    private static final double PERCENT = 100;

    private final RecentDownloads recent;
    private final Duration longest;
    private Served watched;
    private Served proven;
    private Counts before;
    private long end;

    /** @param longest time to watch a generation; zero for no watch */
    Watch(RecentDownloads recent, Duration longest) {
        this.recent = recent;
        this.longest = longest;
    }

    /**
     * @param previous the active generation before it. If the watch of that one has not ended, the new one is compared
     *     with the one before that, and so on: a hasty edit after a harmful one must not prove it good
     */
    void begin(Served previous, Served now) {
        if (longest.isZero()) {
            return;
        }
        if (watched == null) {
            proven = previous;
            before = recent.counts(number -> number <= previous.number());
        }
        watched = now;
        end = System.nanoTime() + longest.toNanos();
    }

    void end() {
        watched = null;
    }

    boolean lasts() {
        return watched != null;
    }

    /** The generation to roll back to. */
    Served proven() {
        return proven;
    }

    /** Returns the harm that the generation does, for people, as long as the watch lasts. */
    Optional<String> look() {
        if (watched == null) {
            return Optional.empty();
        }
        int now = watched.number();
        Optional<String> harm = reasonToGoBack(before, recent.counts(number -> number == now));
        if (harm.isEmpty() && System.nanoTime() - end > 0) {
            end();
        }
        return harm;
    }

    /** @param before downloads of earlier generations, in a time as long as the watch */
    static Optional<String> reasonToGoBack(Counts before, Counts since) {
        boolean brokenCounts = !since.broken().isEmpty() && !since.broken().containsValue(0L);
        long failures = failures(since, brokenCounts);
        double now = share(failures, since.downloads());
        double then = share(failures(before, brokenCounts), before.downloads());
        if (failures < LEAST_FAILURES || now <= then + MARGIN) {
            return Optional.empty();
        }
        return Optional.of(String.format(Locale.ROOT, "%d of %d downloads failed through the service since the change"
                + " (%.1f %%; %.1f %% before)", failures, since.downloads(), now * PERCENT, then * PERCENT));
    }

    private static long failures(Counts counts, boolean brokenCounts) {
        return counts.failures() + (brokenCounts ? counts.broken().values().stream().mapToLong(each -> each).sum() : 0);
    }

    private static double share(long failures, long downloads) {
        return downloads == 0 ? 0 : (double) failures / downloads;
    }
}
