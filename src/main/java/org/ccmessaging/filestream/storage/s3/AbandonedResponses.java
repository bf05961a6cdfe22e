package org.ccmessaging.filestream.storage.s3;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import software.amazon.awssdk.http.Abortable;

/**
 * Aborts responses that no step takes within {@link #ABANDONED_AFTER_MS}. An edited route may drop one, and without an
 * abort the pool would miss its connection for ever. The next request aborts them; before that no request misses their
 * connections. So no response needs a timer, as the SDK's own streams have one (decision 0006).
 */
final class AbandonedResponses {

    /** Milliseconds after which a response is abandoned; the same as the SDK's. */
    static final long ABANDONED_AFTER_MS = 60_000;

    private static final long ABANDONED_AFTER = TimeUnit.MILLISECONDS.toNanos(ABANDONED_AFTER_MS);
    private static final long LOOK_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clock;
    private final Map<Abortable, Long> untakenSince = new ConcurrentHashMap<>();
    private volatile long lookAt;

    /** @param clock nanoseconds, as {@link System#nanoTime()} */
    AbandonedResponses(LongSupplier clock) {
        this.clock = clock;
        this.lookAt = clock.getAsLong();
    }

    void add(Abortable response) {
        untakenSince.put(response, clock.getAsLong());
    }

    void remove(Abortable response) {
        untakenSince.remove(response);
    }

    /** Aborts the abandoned responses, at most once a second. */
    void abortOld() {
        long now = clock.getAsLong();
        if (now - lookAt < 0) {
            return;
        }
        lookAt = now + LOOK_EVERY;
        untakenSince.forEach((response, since) -> {
            if (now - since >= ABANDONED_AFTER && untakenSince.remove(response) != null) {
                response.abort();
            }
        });
    }
}
