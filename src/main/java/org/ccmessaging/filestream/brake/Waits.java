package org.ccmessaging.filestream.brake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts wrong guesses by source, and how long each source must wait. A source may guess some times at once. Then it
 * gets one guess in each wait, and the wait doubles with each wrong one. It is forgotten an hour after its last guess.
 */
final class Waits {

    static final Duration FIRST = Duration.ofSeconds(1);

    /** 12 guesses an hour, which finds no secret, and no caller whose secret was repaired waits for longer. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    static final Duration MEMORY = Duration.ofHours(1);

    /** Most sources that are remembered; each takes some 300 bytes. More of them push out those that guess rarely. */
    static final int MOST = 10_000;

    /** More than enough for the longest wait, and too few to overflow. */
    private static final int MOST_DOUBLINGS = 30;

    private final int free;
    private final Ticker ticker;
    private final Cache<Source, Guesses> bySource;

    /**
     * @param wrong guesses so far
     * @param until when the source may guess again, as the ticker counts; of no meaning before the free ones are used
     */
    private record Guesses(int wrong, long until) {
    }

    /** @param free how many wrong guesses a source has without a wait */
    Waits(int free, Ticker ticker) {
        this.free = free;
        this.ticker = ticker;
        this.bySource = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(MEMORY).ticker(ticker)
                .executor(Runnable::run).build();
    }

    /** Whether the source may guess now. If it has to wait between guesses, this starts its next wait. */
    boolean admits(Source source) {
        AtomicBoolean admitted = new AtomicBoolean(true);
        bySource.asMap().computeIfPresent(source, (key, guesses) -> {
            if (guesses.wrong < free) {
                return guesses;
            }
            // Compared as a difference, because the ticker may overflow.
            if (guesses.until - ticker.read() > 0) {
                admitted.set(false);
                return guesses;
            }
            return new Guesses(guesses.wrong, ticker.read() + nanoseconds(guesses.wrong));
        });
        return admitted.get();
    }

    /** @return whether the source must wait from now on, and had not to before */
    boolean countWrong(Source source) {
        Guesses counted = bySource.asMap().merge(source, new Guesses(1, ticker.read() + nanoseconds(1)),
                (before, first) -> new Guesses(before.wrong + 1, ticker.read() + nanoseconds(before.wrong + 1)));
        return counted.wrong == free;
    }

    void forget(Source source) {
        bySource.invalidate(source);
    }

    long size() {
        bySource.cleanUp();
        return bySource.estimatedSize();
    }

    private long nanoseconds(int wrong) {
        int doublings = Math.min(Math.max(0, wrong - free), MOST_DOUBLINGS);
        return Math.min(FIRST.toNanos() << doublings, LONGEST.toNanos());
    }
}
