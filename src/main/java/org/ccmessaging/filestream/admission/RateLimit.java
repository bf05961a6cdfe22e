package org.ccmessaging.filestream.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * A rate that each of several holders (tenants, or apps) may reach. Each has a token bucket, which holds the burst and
 * fills by the rate. What a holder uses is known only when it has used it, so a bucket may go below zero. The holder is
 * then above its rate until the bucket has filled up to one token again. So its mean is the rate in the long run.
 *
 * <p>A bucket that is full again is forgotten, since a new one is the same. There are at most {@link #MOST} buckets.
 */
final class RateLimit {

    /** Most holders that are below their burst at the same time. Above it, some of them start again with a full one. */
    private static final int MOST = 10_000;

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final long perSecond;
    private final long burst;
    private final TimeMeter clock;
    private final Cache<String, Bucket> buckets;

    /**
     * @param perSecond tokens that a holder may use each second, from 1 to 10⁹, the most that a bucket can count
     * @param burst how much of the rate a holder that used nothing may use at once; at least a second of it
     * @param clock never goes back, whatever the time of day does
     */
    RateLimit(long perSecond, Duration burst, TimeMeter clock) {
        this.perSecond = perSecond;
        this.burst = perSecond * burst.toSeconds();
        this.clock = clock;
        this.buckets = Caffeine.newBuilder().maximumSize(MOST).ticker(clock::currentTimeNanos).executor(Runnable::run)
                .expireAfter(new UntilFull()).build();
    }

    private final class UntilFull implements Expiry<String, Bucket> {

        @Override
        public long expireAfterCreate(String holder, Bucket bucket, long now) {
            return bucket.estimateAbilityToConsume(burst).getNanosToWaitForRefill();
        }

        @Override
        public long expireAfterUpdate(String holder, Bucket bucket, long now, long remaining) {
            return expireAfterCreate(holder, bucket, now);
        }

        @Override
        public long expireAfterRead(String holder, Bucket bucket, long now, long remaining) {
            return remaining;
        }
    }

    /** Whether the holder used more than it may, for now. */
    boolean isExceeded(String holder) {
        Bucket bucket = buckets.getIfPresent(holder);
        return bucket != null && bucket.getAvailableTokens() <= 0;
    }

    /** After how many seconds the holder may use more, rounded up; at least 1. */
    long secondsUntilWithin(String holder) {
        Bucket bucket = buckets.getIfPresent(holder);
        long nanoseconds = bucket == null ? 0 : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
        return 1 + Math.max(0, nanoseconds - 1) / SECOND.toNanos();
    }

    /** Counts what the holder used. */
    void use(String holder, long tokens) {
        buckets.asMap().compute(holder, (key, known) -> {
            Bucket bucket = known == null ? full() : known;
            bucket.consumeIgnoringRateLimits(tokens);
            return bucket;
        });
    }

    private Bucket full() {
        return Bucket.builder().withCustomTimePrecision(clock)
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, SECOND)).build();
    }

    /** How many holders have a bucket that is not full. */
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }
}
