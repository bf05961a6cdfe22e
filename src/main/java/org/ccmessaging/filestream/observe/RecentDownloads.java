package org.ccmessaging.filestream.observe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Counts downloads and failures of the last {@code filestream.routes.watch} for each generation of routes, to find out
 * whether a new generation harms customers. The counters of meters continue over generations.
 *
 * <p>Each download is counted in the second in which it ends. There is no lock: that is two looks into a map, and two
 * or three additions.
 */
@Component
public final class RecentDownloads {

    private static final String NO_BRANCH = "none";
    private static final String BUSINESS_FAILURE = "500";
    private static final String BUSY = "503";

    /** More causes than any library has in a row. */
    private static final int LONGEST_CHAIN = 20;

    /** The tallies of each second that counts. */
    private final ConcurrentMap<Long, Map<Key, Tally>> bySecond = new ConcurrentHashMap<>();
    private final int seconds;
    private final LongSupplier nanoTime;

    private record Key(int generation, String branch) {
    }

    private record Tally(LongAdder downloads, LongAdder failures, LongAdder broken) {
    }

    /**
     * Counts of downloads.
     *
     * @param downloads how many have ended
     * @param failures how many of them failed through the service or its routes; not those that broke
     * @param branches by name, the branches that were used
     */
    public record Counts(long downloads, long failures, Map<String, OfBranch> branches) {
    }

    /**
     * Counts of the downloads of a branch.
     *
     * @param downloads how many have ended
     * @param broken how many of them had the cause {@link Cause#BROKEN}
     */
    public record OfBranch(long downloads, long broken) {
    }

    @Autowired
    RecentDownloads(RoutesSettings settings) {
        this(settings.watch(), System::nanoTime);
    }

    RecentDownloads(Duration window, LongSupplier nanoTime) {
        this.seconds = (int) window.plusMillis(999).toSeconds();
        this.nanoTime = nanoTime;
    }

    /**
     * Counts a download that has ended.
     *
     * @param generation the number of the generation that it began with
     * @param failure what failed; {@code null} if nothing did
     */
    void record(int generation, FinishedDownload download, Throwable failure) {
        record(generation, download.branch(), isOfService(download.resultCode(), download.cause(), download.isAborted()
                || download.stopped(), failure), download.cause() == Cause.BROKEN);
    }

    /**
     * Returns whether a download failed through the service or its routes: with 500, or in a way that has no row in the
     * contract. Refusals have one, and so does what a storage does. A client that disconnects and a route that an
     * operator has stopped are not the service's fault; a 503 from a throttle step is intended.
     */
    static boolean isOfService(String resultCode, Cause cause, boolean ofOthers, Throwable failure) {
        boolean documented = Stream.iterate(failure, it -> it != null, Throwable::getCause).limit(LONGEST_CHAIN)
                .anyMatch(DocumentedFailure.class::isInstance);
        return !ofOthers && !resultCode.equals(BUSY)
                && (resultCode.equals(BUSINESS_FAILURE) || cause == Cause.OTHER && !documented);
    }

    void record(int generation, String branch, boolean failed, boolean broken) {
        if (seconds == 0) {
            return;
        }
        Tally tally = tallies(second()).computeIfAbsent(new Key(generation, branch),
                key -> new Tally(new LongAdder(), new LongAdder(), new LongAdder()));
        tally.downloads.increment();
        if (failed) {
            tally.failures.increment();
        }
        if (broken) {
            tally.broken.increment();
        }
    }

    private Map<Key, Tally> tallies(long second) {
        Map<Key, Tally> known = bySecond.get(second);
        if (known == null) {
            bySecond.keySet().removeIf(other -> other < second - seconds);
            known = bySecond.computeIfAbsent(second, each -> new ConcurrentHashMap<>());
        }
        return known;
    }

    /** Returns the counts of some generations, in the last {@code filestream.routes.watch}. */
    public Counts counts(IntPredicate wanted) {
        long oldest = second() - seconds;
        long[] sums = new long[2];
        Map<String, OfBranch> branches = new HashMap<>();
        bySecond.forEach((second, tallies) -> tallies.forEach((key, tally) -> {
            if (second >= oldest && wanted.test(key.generation)) {
                sums[0] += tally.downloads.sum();
                sums[1] += tally.failures.sum();
                branches.merge(key.branch, new OfBranch(tally.downloads.sum(), tally.broken.sum()),
                        (one, other) -> new OfBranch(one.downloads() + other.downloads(),
                                one.broken() + other.broken()));
            }
        }));
        branches.remove(NO_BRANCH);
        return new Counts(sums[0], sums[1], Map.copyOf(branches));
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    }
}
