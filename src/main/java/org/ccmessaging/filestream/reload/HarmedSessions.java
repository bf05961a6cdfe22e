package org.ccmessaging.filestream.reload;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sessions with one kind of harm, and the evidence that it comes from the canary, as the logarithm of a likelihood
 * ratio.
 *
 * <p>A harmless edit puts each harmed session on the side of the canary with the probability of its share, whatever the
 * sessions before did, because a keyed hash chooses the side. So the likelihood ratio of the sessions of an app and
 * tenant is a test martingale, and so is the product over all of them. It exceeds <i>b</i> at any time with a
 * probability of at most 1/<i>b</i> (Ville 1939), so the service may look as often as it likes (Robbins 1970; Ramdas et
 * al., <i>Game-Theoretic Statistics and Safe Anytime-Valid Inference</i>, 2023).
 *
 * <p>One app or tenant may lie, in either direction. If it harms itself on the side of the canary, either it gives most
 * of the evidence, which is left out, or the rest is at most the product of the honest ones: the bound holds. If it
 * harms itself on the other side, it lowers only its own ratio, to one in some hundred; where chance cannot explain
 * that, it is the liar, and nobody else is left out. The bound assumes that the active generation harms nobody: an app
 * that it harms looks like the liar, and then a real liar can have its harmless mend rolled back (reliability.md).
 */
final class HarmedSessions {

    /** Evidence of a kind of harm. The probabilities of the three kinds add up to one in 10,000. */
    static final double PROOF = Math.log(3 * 10_000);

    /** Maximum number of sessions. A decision needs far fewer. No app fills more than a tenth. */
    private static final int MOST = 10_000;
    private static final int MOST_OF_APP = MOST / 10;

    /** Alternatives to the share, evenly from that share to 1. */
    private static final int ALTERNATIVES = 100;

    /** Weight of the alternative that only the canary does harm. With it, five sessions of a tenth decide. */
    private static final double ONLY_CANARY = 1 / 3.0;

    /** Largest exponent whose power can be summed. Less evidence is on the safe side. */
    private static final double LARGEST = 600;

    private final double share;
    private final Set<Long> sessions = new HashSet<>();
    private final Map<String, Integer> ofApps = new HashMap<>();
    private final Map<Sender, Sides> senders = new HashMap<>();

    /** Many senders have the same numbers, such as one session of the canary. */
    private final Map<Sides, Double> ratios = new HashMap<>();

    private record Sender(String app, String tenant) {
    }

    /** Numbers of sessions on both sides. */
    record Sides(long canary, long others) {

        Sides and(Sides more) {
            return new Sides(canary + more.canary, others + more.others);
        }
    }

    /** @param share of the canary, between 0 and 1 */
    HarmedSessions(double share) {
        this.share = share;
    }

    synchronized void add(long session, boolean isOnCanary, String app, String tenant) {
        if (sessions.size() < MOST && ofApps.getOrDefault(app, 0) < MOST_OF_APP && sessions.add(session)) {
            ofApps.merge(app, 1, Integer::sum);
            senders.merge(new Sender(app, tenant), isOnCanary ? new Sides(1, 0) : new Sides(0, 1), Sides::and);
        }
    }

    synchronized Sides sides() {
        return sum(senders.values());
    }

    private static Sides sum(Collection<Sides> sides) {
        return sides.stream().reduce(new Sides(0, 0), Sides::and);
    }

    /** Returns the evidence of everybody. */
    synchronized double total() {
        return evidence(senders.values());
    }

    /**
     * Returns the evidence that no single app and no single tenant can raise.
     *
     * @param apps whether more than one app downloads; otherwise it is not left out
     * @param tenants the same of tenants
     */
    synchronized double evidence(boolean apps, boolean tenants) {
        double most = 0;
        Double ofLiars = null;
        for (List<Sides> group : Stream.concat(apps ? groups(Sender::app) : Stream.of(),
                tenants ? groups(Sender::tenant) : Stream.<List<Sides>>of()).toList()) {
            double evidence = evidence(group);
            most = Math.max(most, evidence);
            if (lies(sum(group))) {
                ofLiars = Math.max(evidence, ofLiars == null ? 0 : ofLiars);
            }
        }
        return total() - (ofLiars == null ? most : ofLiars);
    }

    private Stream<List<Sides>> groups(Function<Sender, String> name) {
        return senders.entrySet().stream().collect(Collectors.groupingBy(sender -> name.apply(sender.getKey()),
                Collectors.mapping(Map.Entry::getValue, Collectors.toList()))).values().stream();
    }

    /** Returns whether chance cannot explain the harm on the other side. */
    private boolean lies(Sides sides) {
        return -sides.others * Math.log1p(-share) >= PROOF
                && logRatio(sides.others, sides.canary, 1 - share) >= PROOF;
    }

    private double evidence(Collection<Sides> group) {
        return group.stream().mapToDouble(sides -> ratios.computeIfAbsent(sides,
                numbers -> logRatio(numbers.canary, numbers.others, share))).sum();
    }

    /**
     * Returns the logarithm of the mean likelihood ratio of all alternatives to the share.
     *
     * @param canary number of harmed sessions on the side of the canary
     * @param others number of those on the other side
     * @param share of the canary, between 0 and 1
     */
    static double logRatio(long canary, long others, double share) {
        double sum = others > 0 ? 0 : ONLY_CANARY * Math.exp(Math.min(-canary * Math.log(share), LARGEST));
        for (int i = 0; i < ALTERNATIVES; i++) {
            double alternative = share + (1 - share) * i / ALTERNATIVES;
            double exponent = canary * Math.log(alternative / share)
                    + others * Math.log((1 - alternative) / (1 - share));
            sum += (1 - ONLY_CANARY) / ALTERNATIVES * Math.exp(Math.min(exponent, LARGEST));
        }
        return Math.log(sum);
    }
}
