package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.CanaryCounts.Harm;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;

/**
 * A generation that some sessions get first, and the comparison with the active generation, which the other sessions
 * get at the same time. Stores that fail, traffic that rises and customers who ask for files that do not exist meet
 * both sides, because a keyed hash of the session alone chooses the side.
 *
 * <p>It decides nothing by itself: the worker reads the {@link #verdict} in each turn and acts. It may look as often as
 * it likes ({@link CanaryCounts#evidence}).
 */
final class Canary {

    /** The probability that a harmless edit is rolled back is at most one in this, over all kinds of harm together. */
    private static final int CERTAINTY = 10_000;

    private static final Harm[] ROLL_BACK = {Harm.FAILED, Harm.MISSING, Harm.LATE};

    /** The probability that each kind of harm has by chance. Their sum is that of all. */
    private static final double PROOF = Math.log(CERTAINTY * ROLL_BACK.length);

    /** Refusals delay a promotion only, so they need less: of 100 harmless edits, chance delays one. */
    private static final double DOUBT = Math.log(100);

    private static final double PERCENT = 100;

    private final Served served;
    private final int percent;
    private final CanaryCounts counts;
    private final LongSupplier nanoTime;
    private final long end;

    /** What the worker has to do with a canary. */
    enum Decision {
        WATCH, PROMOTE, ROLL_BACK
    }

    /** @param text what the canary waits for, or the harm, for people; empty for a promotion */
    record Verdict(Decision decision, String text) {
    }

    /** @param counts begin at zero */
    Canary(Served served, int percent, Duration watch, CanaryCounts counts, LongSupplier nanoTime) {
        this.served = served;
        this.percent = percent;
        this.counts = counts;
        this.nanoTime = nanoTime;
        this.end = nanoTime.getAsLong() + watch.toNanos();
        counts.begin(served.number());
    }

    Served served() {
        return served;
    }

    /** Returns what has been seen so far and what comes next, for people. */
    String state() {
        return ("Generation %d gets %d %% of the sessions (%d downloads, %d sessions with failures); the others: %d and"
                + " %d. %s").formatted(served.number(), percent, counts.downloads(true),
                        counts.sessions(Harm.FAILED, true), counts.downloads(false),
                        counts.sessions(Harm.FAILED, false), verdict().text()).strip();
    }

    Verdict verdict() {
        long left = end - nanoTime.getAsLong();
        Optional<Harm> proved = Stream.of(ROLL_BACK).filter(harm -> evidence(harm) >= PROOF).findFirst();
        if (proved.isPresent()) {
            return new Verdict(Decision.ROLL_BACK, sessions(proved.get()) + ". With " + percent + " % of the sessions,"
                    + " chance does that at most once in 10,000 edits");
        }
        if (left > 0) {
            return new Verdict(Decision.WATCH, "All sessions get it in " + (TimeUnit.NANOSECONDS.toSeconds(left) + 1)
                    + " s, unless it does harm.");
        }
        Harm doubtful = Stream.of(ROLL_BACK).filter(harm -> counts.evidenceOfAll(harm, share()) >= PROOF).findFirst()
                .orElse(evidence(Harm.REFUSED) >= DOUBT ? Harm.REFUSED : null);
        return doubtful != null ? new Verdict(Decision.WATCH, "It waits for `routes promote` or another edit: "
                        + sessions(doubtful) + (doubtful == Harm.REFUSED ? "." : ", most of them of one app or tenant."))
                : counts.served(true) == 0 ? new Verdict(Decision.WATCH, "It waits for a first download of generation "
                        + served.number() + " that gets its file, or for `routes promote`.")
                : new Verdict(Decision.PROMOTE, "");
    }

    /** Ends the comparison. */
    void end() {
        counts.end();
    }

    private double share() {
        return percent / PERCENT;
    }

    private double evidence(Harm harm) {
        return counts.evidence(harm, share());
    }

    private String sessions(Harm harm) {
        return "%d of the sessions with generation %d %s (%d downloads), and %d of the others (%d downloads)".formatted(
                counts.sessions(harm, true), served.number(), harm, counts.downloads(true),
                counts.sessions(harm, false), counts.downloads(false));
    }
}
