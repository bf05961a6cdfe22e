package org.ccmessaging.filestream.observe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
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
 * How the downloads of the last {@code filestream.routes.watch} went, for each generation of routes. It says whether a
 * new generation harms customers. Meters cannot say it, because their counters go on over generations.
 *
 * <p>Each download is counted in the bucket of the second in which it ends. There is no lock: that is one look into a
 * map, and two or three additions.
 */
@Component
public final class RecentDownloads {

    private static final String NO_BRANCH = "none";
    private static final String BUSINESS_FAILURE = "500";
    private static final String BUSY = "503";

    /** More causes than any library has in a row. */
    private static final int LONGEST_CHAIN = 20;

    private final int seconds;
    private final LongSupplier nanoTime;
    private final Map<Integer, Buckets> generations = new ConcurrentHashMap<>();

    /**
     * How downloads went.
     *
     * @param downloads how many have ended
     * @param failures how many of them failed through the service or its routes; not those that broke
     * @param branches by name, the branches that were used
     */
    public record Counts(long downloads, long failures, Map<String, OfBranch> branches) {
    }

    /**
     * How the downloads of a branch went.
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
     * Whether a download failed through the service or its routes: with 500, or in a way that has no row in the
     * contract. Refusals have one, and so does what a storage does. A client that disconnects and a route that an
     * operator has stopped are others' doing, and a step that throttles does what it is there for: 503.
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
        long now = second();
        Buckets buckets = generations.get(generation);
        if (buckets == null) {
            generations.values().removeIf(old -> !old.isUsed(now - seconds));
            buckets = generations.computeIfAbsent(generation, made -> new Buckets(seconds + 1));
        }
        Bucket bucket = buckets.of(now);
        bucket.downloads.increment();
        if (failed) {
            bucket.failures.increment();
        }
        if (!branch.equals(NO_BRANCH)) {
            LongAdder[] counters = bucket.branches.computeIfAbsent(branch,
                    made -> new LongAdder[] {new LongAdder(), new LongAdder()});
            counters[0].increment();
            if (broken) {
                counters[1].increment();
            }
        }
    }

    /** Returns how the downloads of some generations went, in the last {@code filestream.routes.watch}. */
    public Counts counts(IntPredicate wanted) {
        long oldest = second() - seconds;
        long[] sums = new long[2];
        Map<String, OfBranch> branches = new HashMap<>();
        generations.forEach((generation, buckets) -> {
            if (wanted.test(generation)) {
                buckets.since(oldest).forEach(bucket -> {
                    sums[0] += bucket.downloads.sum();
                    sums[1] += bucket.failures.sum();
                    bucket.branches.forEach((name, counters) -> branches.merge(name,
                            new OfBranch(counters[0].sum(), counters[1].sum()), (one, other) -> new OfBranch(
                                    one.downloads() + other.downloads(), one.broken() + other.broken())));
                });
            }
        });
        return new Counts(sums[0], sums[1], Map.copyOf(branches));
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    }

    private record Bucket(long second, LongAdder downloads, LongAdder failures, Map<String, LongAdder[]> branches) {
    }

    /** A bucket for each second of the time that counts; a new second takes the place of the oldest. */
    private static final class Buckets {

        private final AtomicReferenceArray<Bucket> bySecond;

        private Buckets(int size) {
            bySecond = new AtomicReferenceArray<>(size);
        }

        private Bucket of(long second) {
            int place = (int) Math.floorMod(second, (long) bySecond.length());
            Bucket there = bySecond.get(place);
            // A thread that was held up since it read the clock counts into a later second.
            while (there == null || there.second < second) {
                Bucket made = new Bucket(second, new LongAdder(), new LongAdder(), new ConcurrentHashMap<>());
                there = bySecond.compareAndSet(place, there, made) ? made : bySecond.get(place);
            }
            return there;
        }

        private Stream<Bucket> since(long oldest) {
            return Stream.iterate(0, place -> place < bySecond.length(), place -> place + 1).map(bySecond::get)
                    .filter(bucket -> bucket != null && bucket.second >= oldest);
        }

        private boolean isUsed(long oldest) {
            return since(oldest).findAny().isPresent();
        }
    }
}
