package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.SideBySide;
import org.ccmessaging.filestream.observe.SideBySide.Harm;
import org.ccmessaging.filestream.observe.SideBySide.Side;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;

/**
 * A generation that some sessions get first, and the comparison with the active generation, which the other sessions
 * get at the same time. Stores that fail, traffic that rises and customers who ask for files that do not exist meet
 * both sides, because a hash of the session alone chooses the side.
 *
 * <p>If an edit is harmless, each harmed session is on the side of the canary with the probability of its share. The
 * comparison is the mixture test of that probability (Robbins 1970): its ratio exceeds 10,000 at any time of the canary
 * with a probability of at most one in 10,000 (Ville's inequality), so the service may look as often as it likes.
 */
final class Canary {

    /** Probability that a harmless edit is rolled back is at most one in this. */
    private static final double CERTAINTY = 10_000;

    private final Served served;
    private final int percent;
    private final Side ofCanary;
    private final Side ofOthers;
    private final long end;

    Canary(Served active, Served canary, int percent, Duration watch, SideBySide sides) {
        served = canary;
        this.percent = percent;
        sides.begin(active.number(), canary.number());
        ofCanary = sides.of(canary.number());
        ofOthers = sides.of(active.number());
        end = System.nanoTime() + watch.toNanos();
    }

    Served served() {
        return served;
    }

    boolean isOver() {
        return System.nanoTime() - end > 0;
    }

    /** Returns what has been seen so far, for people. */
    String state() {
        return ("Generation %d gets %d %% of the sessions (%d downloads, %d sessions with failures); the others: %d and"
                + " %d.").formatted(served.number(), percent, ofCanary.downloads().sum(),
                        ofCanary.sessions(Harm.FAILED), ofOthers.downloads().sum(), ofOthers.sessions(Harm.FAILED));
    }

    /** Returns the harm that the canary does to its sessions, for people. */
    Optional<String> harm() {
        return Stream.of(Harm.values())
                .filter(harm -> isHarm(ofCanary.sessions(harm), ofOthers.sessions(harm), percent)).findFirst()
                .map(harm -> ("%d of the sessions with generation %d %s (%d downloads), and %d of the others (%d"
                        + " downloads). With %d %% of the sessions, chance does that at most once in 10,000 edits")
                        .formatted(ofCanary.sessions(harm), served.number(), harm, ofCanary.downloads().sum(),
                                ofOthers.sessions(harm), ofOthers.downloads().sum(), percent));
    }

    /**
     * @param canary number of harmed sessions on the side of the canary
     * @param others number of those on the other side
     * @param percent share of the canary
     */
    static boolean isHarm(int canary, int others, int percent) {
        double share = percent / 100.0;
        if (canary <= (canary + others) * share) {
            return false;
        }
        // Logarithm of B(canary + 1, others + 1) / (share^canary * (1 - share)^others).
        double ratio = -Math.log(canary + others + 1.0) - canary * Math.log(share) - others * Math.log1p(-share);
        for (int i = 1; i <= canary; i++) {
            ratio -= Math.log((double) (others + i) / i);
        }
        return ratio >= Math.log(CERTAINTY);
    }
}
