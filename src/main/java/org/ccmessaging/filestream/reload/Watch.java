package org.ccmessaging.filestream.reload;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ccmessaging.filestream.observe.RecentDownloads.Counts;
import org.ccmessaging.filestream.observe.RecentDownloads.OfBranch;

/**
 * Decides whether a new generation harms customers: whether the share of downloads that fail through the service has
 * risen since it began to serve.
 *
 * <p>Downloads that broke count only if they broke on each branch that was used since then. What breaks on one branch
 * and not on another is the fault of a store; what breaks on all is what the branches have in common, the routes.
 * Refusals, missing files and stores that are down do not count, since customers and stores cause them as well.
 */
final class Watch {

    /**
     * Fewer failures are no reason to go back. In a quiet hour one customer with one odd request makes a share of
     * 100 %, and clients try again two or three times.
     */
    static final long LEAST_FAILURES = 5;

    /**
     * By how much the share must have risen, of 1. A service that works fails in less than one download of a hundred,
     * and the share of a minute with little traffic varies by two or three points. An edit that breaks a branch or a
     * step breaks a fifth of all downloads, or all.
     */
    static final double MARGIN = 0.05;

    private static final double PERCENT = 100;

    private Watch() {
    }

    /**
     * Decides.
     *
     * @param before what earlier generations did in a time as long as the watch
     * @param since what the new generation has done
     * @return why the service should go back, for people; empty if it should not
     */
    static Optional<String> reasonToGoBack(Counts before, Counts since) {
        boolean brokenCounts = brokeEverywhere(since.branches());
        long failures = failures(since, brokenCounts);
        double now = share(failures, since.downloads());
        double then = share(failures(before, brokenCounts), before.downloads());
        if (failures < LEAST_FAILURES || now <= then + MARGIN) {
            return Optional.empty();
        }
        return Optional.of(String.format(Locale.ROOT, "%d of %d downloads failed through the service since the change"
                + " (%.1f %%; %.1f %% before)", failures, since.downloads(), now * PERCENT, then * PERCENT));
    }

    private static boolean brokeEverywhere(Map<String, OfBranch> branches) {
        return !branches.isEmpty() && branches.values().stream().allMatch(branch -> branch.broken() > 0);
    }

    private static long failures(Counts counts, boolean brokenCounts) {
        return counts.failures()
                + (brokenCounts ? counts.branches().values().stream().mapToLong(OfBranch::broken).sum() : 0);
    }

    private static double share(long failures, long downloads) {
        return downloads == 0 ? 0 : (double) failures / downloads;
    }
}
