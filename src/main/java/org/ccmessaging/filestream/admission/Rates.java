package org.ccmessaging.filestream.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.util.unit.DataSize;

/**
 * Limits the rates of tenants and apps that {@code filestream.download.rate} sets; none by default. Each tenant or app
 * has a token bucket, which holds the burst and fills by the rate. Usage is known only afterwards, so a bucket may go
 * below zero. Its holder is then above its rate until the bucket has filled up to one token again. So the mean is the
 * rate in the long run.
 *
 * <p>A bucket that is full again is removed, since a new one is the same. Each rate has at most {@link #MOST} buckets.
 */
final class Rates {

    /** Maximum number of buckets of a rate. Above it, some holders start again with a full one. */
    private static final int MOST = 10_000;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** The rates that are set, in the order in which a refusal names them. */
    private final List<Rate> rates = new ArrayList<>();
    private final Duration burst;
    private final TimeMeter clock;

    /** @param clock a monotonic clock */
    Rates(DownloadSettings.Rate settings, TimeMeter clock) {
        this.burst = settings.burst();
        this.clock = clock;
        add(Refusal.TENANT_REQUESTS, false, Session::tenantId, settings.tenantRequests());
        add(Refusal.TENANT_BYTES, true, Session::tenantId, bytes(settings.tenantBytes()));
        add(Refusal.APP_REQUESTS, false, Session::appKey, settings.appRequests());
        add(Refusal.APP_BYTES, true, Session::appKey, bytes(settings.appBytes()));
    }

    private static Long bytes(DataSize size) {
        return size == null ? null : size.toBytes();
    }

    /** @param perSecond from 1 to 10⁹, the most that a bucket can count; {@code null} for no limit */
    private void add(Refusal refusal, boolean ofBytes, Function<Session, String> holderOf, Number perSecond) {
        if (perSecond != null) {
            long capacity = perSecond.longValue() * burst.toSeconds();
            rates.add(new Rate(refusal, ofBytes, session -> Objects.requireNonNullElse(holderOf.apply(session), ""),
                    () -> Bucket.builder().withCustomTimePrecision(clock).addLimit(limit ->
                            limit.capacity(capacity).refillGreedy(perSecond.longValue(), SECOND)).build(),
                    Caffeine.newBuilder().maximumSize(MOST).ticker(clock::currentTimeNanos).executor(Runnable::run)
                            .expireAfter(Expiry.<String, Bucket>writing((holder, bucket) -> Duration.ofNanos(
                                    bucket.estimateAbilityToConsume(capacity).getNanosToWaitForRefill())))
                            .build()));
        }
    }

    /** Returns the first rate that the session's tenant or app exceeds; {@code null} if it exceeds no rate. */
    Refusal refusal(Session session) {
        return rates.stream().filter(rate -> rate.isExceeded(session)).map(rate -> rate.refusal).findFirst()
                .orElse(null);
    }

    /** Returns the seconds after which tenant and app are within their rates if nobody uses them, at least 1. */
    long secondsUntilWithin(Session session) {
        return rates.stream().mapToLong(rate -> rate.secondsUntilWithin(session)).max().orElse(1);
    }

    void countRequest(Session session) {
        count(session, false, 1);
    }

    boolean limitBytes() {
        return rates.stream().anyMatch(rate -> rate.ofBytes);
    }

    void countBytes(Session session, long bytes) {
        if (bytes > 0) {
            count(session, true, bytes);
        }
    }

    private void count(Session session, boolean bytes, long tokens) {
        rates.stream().filter(rate -> rate.ofBytes == bytes).forEach(rate -> rate.use(session, tokens));
    }

    /** @param full makes the bucket of a holder that has none */
    private record Rate(Refusal refusal, boolean ofBytes, Function<Session, String> holder, Supplier<Bucket> full,
            Cache<String, Bucket> buckets) {

        private boolean isExceeded(Session session) {
            Bucket bucket = buckets.getIfPresent(holder.apply(session));
            return bucket != null && bucket.getAvailableTokens() <= 0;
        }

        private long secondsUntilWithin(Session session) {
            Bucket bucket = buckets.getIfPresent(holder.apply(session));
            long nanoseconds = bucket == null ? 0 : bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
            return 1 + Math.max(0, nanoseconds - 1) / SECOND.toNanos();
        }

        private void use(Session session, long tokens) {
            buckets.asMap().compute(holder.apply(session), (key, known) -> {
                Bucket bucket = known == null ? full.get() : known;
                bucket.consumeIgnoringRateLimits(tokens);
                return bucket;
            });
        }
    }
}
