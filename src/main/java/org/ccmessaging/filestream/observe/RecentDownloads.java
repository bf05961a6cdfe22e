package org.ccmessaging.filestream.observe;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Counts downloads and failures of the last {@code filestream.routes.watch} for each generation of routes, to detect
 * whether a new generation harms customers. The meters cannot tell that, because their counters continue over
 * generations. Each download is counted in the second in which it ends, without a lock.
 */
@Component
public final class RecentDownloads {

    static final String BUSINESS_FAILURE = "500";

    private final Cache<Key, Tally> tallies;
    private final int seconds;
    private final LongSupplier nanoTime;

    private record Key(long second, int generation, String branch) {
    }

    private record Tally(LongAdder downloads, LongAdder failures, LongAdder broken) {
    }

    /**
     * Counts of downloads.
     *
     * @param downloads number of downloads that have ended
     * @param failures number of those that failed through the service or its routes, without those that broke
     * @param broken number of those with the cause {@link Cause#BROKEN}, for each branch that was used
     */
    public record Counts(long downloads, long failures, Map<String, Long> broken) {
    }

    @Autowired
    RecentDownloads(RoutesSettings settings) {
        this(settings.watch(), System::nanoTime);
    }

    RecentDownloads(Duration window, LongSupplier nanoTime) {
        this.seconds = (int) window.plusMillis(999).toSeconds();
        this.nanoTime = nanoTime;
        this.tallies = Caffeine.newBuilder().ticker(nanoTime::getAsLong).executor(Runnable::run)
                .expireAfterWrite(Duration.ofSeconds(seconds + 1L)).build();
    }

    /** @param failure {@code null} if nothing failed */
    void record(FinishedDownload download, Throwable failure) {
        boolean failed = isOfService(download.resultCode(), download.cause(),
                download.isAborted() || download.stopped() || download.busy(), failure);
        // Anybody can invent credentials, and so many that the share of failures would fall.
        if (failed || download.cause() != Cause.CREDENTIALS) {
            record(download.generation(), download.branch(), failed, download.cause() == Cause.BROKEN);
        }
    }

    /**
     * Returns whether a download failed through the service or its routes: with 500, or with a failure that the
     * contract does not document. It documents refusals and failures of a storage. A client that disconnects and a
     * route that an operator has stopped are not the service's fault; what a throttle step refuses is intended.
     */
    static boolean isOfService(String resultCode, Cause cause, boolean ofOthers, Throwable failure) {
        return !ofOthers && (resultCode.equals(BUSINESS_FAILURE)
                || cause == Cause.OTHER && ObjectHelper.getException(DocumentedFailure.class, failure) == null);
    }

    void record(int generation, String branch, boolean failed, boolean broken) {
        if (seconds == 0) {
            return;
        }
        Tally tally = tallies.get(new Key(second(), generation, branch),
                key -> new Tally(new LongAdder(), new LongAdder(), new LongAdder()));
        tally.downloads.increment();
        if (failed) {
            tally.failures.increment();
        }
        if (broken) {
            tally.broken.increment();
        }
    }

    /** Returns the counts of some generations, in the last {@code filestream.routes.watch}. */
    public Counts counts(IntPredicate wanted) {
        long oldest = second() - seconds;
        long[] sums = new long[2];
        Map<String, Long> broken = new HashMap<>();
        tallies.asMap().forEach((key, tally) -> {
            if (key.second >= oldest && wanted.test(key.generation)) {
                sums[0] += tally.downloads.sum();
                sums[1] += tally.failures.sum();
                broken.merge(key.branch, tally.broken.sum(), Long::sum);
            }
        });
        broken.remove(FinishedDownload.NONE);
        return new Counts(sums[0], sums[1], Map.copyOf(broken));
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    }
}
