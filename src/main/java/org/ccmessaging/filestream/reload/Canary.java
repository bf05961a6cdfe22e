package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.ccmessaging.filestream.reload.CanaryCounts.Comparison;
import org.ccmessaging.filestream.reload.CanaryCounts.Harm;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;

/**
 * A generation that some sessions get first, and its {@link Comparison} with the active generation, which the other
 * sessions get at the same time. Stores that fail, traffic that rises and customers who ask for files that do not exist
 * meet both sides, because a keyed hash of the session alone chooses the side.
 *
 * <p>The worker reads the {@link #verdict} in each turn and acts; a canary itself changes nothing.
 */
final class Canary {

    /** The kinds of harm that roll an edit back. */
    private static final List<Harm> PROVABLE = List.of(Harm.FAILED, Harm.MISSING, Harm.LATE);

    /** Evidence for refusals. They only delay a promotion, by chance that of one edit in this at most. */
    private static final double DOUBT = Math.log(100);

    private static final double PERCENT = 100;

    private final Served served;
    private final int percent;
    private final CanaryCounts counts;
    private final Comparison comparison;
    private final LongSupplier nanoTime;
    private final long end;

    /** Directions for the worker. */
    enum Decision {
        WATCH, PROMOTE, ROLL_BACK
    }

    /** @param text what the canary waits for, or the harm, for people; empty for a promotion */
    record Verdict(Decision decision, String text) {
    }

    Canary(Served served, int percent, Duration watch, CanaryCounts counts, LongSupplier nanoTime) {
        this.served = served;
        this.percent = percent;
        this.counts = counts;
        this.comparison = counts.begin(served.number(), percent / PERCENT);
        this.nanoTime = nanoTime;
        this.end = nanoTime.getAsLong() + watch.toNanos();
    }

    Served served() {
        return served;
    }

    /** Ends the comparison. */
    void end() {
        counts.end();
    }

    /** Returns what has been seen so far and what comes next, for people. */
    String state() {
        return "Generation %d gets %d %% of the sessions. %s. %s".formatted(served.number(), percent,
                comparison.counts(Harm.FAILED), verdict().text()).strip();
    }

    Verdict verdict() {
        Optional<Harm> proved = first(comparison::evidence);
        if (proved.isPresent()) {
            return new Verdict(Decision.ROLL_BACK, comparison.counts(proved.get()) + ". With " + percent
                    + " % of the sessions, chance does that at most once in 10,000 edits");
        }
        long left = end - nanoTime.getAsLong();
        if (left > 0) {
            return new Verdict(Decision.WATCH, "If it does no harm, the others get it in "
                    + (TimeUnit.NANOSECONDS.toSeconds(left) + 1) + " s.");
        }
        Optional<Harm> ofOne = first(comparison::total);
        String reason = ofOne.isPresent() ? comparison.counts(ofOne.get()) + ", most of them of one app or tenant"
                : comparison.evidence(Harm.REFUSED) >= DOUBT ? comparison.counts(Harm.REFUSED)
                : comparison.hasServed() ? null : "no download of generation " + served.number() + " got its file yet";
        return reason == null ? new Verdict(Decision.PROMOTE, "")
                : new Verdict(Decision.WATCH, "It waits for `routes promote` or another edit: " + reason + ".");
    }

    private static Optional<Harm> first(ToDoubleFunction<Harm> evidence) {
        return PROVABLE.stream().filter(harm -> evidence.applyAsDouble(harm) >= HarmedSessions.PROOF).findFirst();
    }
}
