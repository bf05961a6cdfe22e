package org.ccmessaging.filestream.reload;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

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
 * <p>The bound holds as well if the active generation does harm, because that harm only lowers the ratio. One app or
 * tenant may lie. If its own harm is to roll an edit back, the verdict has to stand without it, whichever it is. If its
 * harm on the other side is to hide that of others, the evidence may come from a bet that somebody hides some: the mean
 * of the ratios without each party, of all sessions of the party on both sides, is a martingale too.
 */
final class HarmedSessions {

    /** Evidence of a kind of harm. The probabilities of the three kinds add up to one in 10,000. */
    static final double PROOF = Math.log(3 * 10_000);

    /** Maximum number of sessions. A decision needs far fewer. No app and no tenant fills more than a tenth. */
    private static final int MOST = 10_000;
    private static final int MOST_OF_ONE = MOST / 10;

    private static final List<Function<Sender, Object>> APPS_AND_TENANTS = List.of(Sender::app, Sender::tenant);

    private static final double NOBODY_HIDES = Math.log(1 / 2.0);

    /** Alternatives to the share, evenly from that share to 1. */
    private static final int ALTERNATIVES = 100;

    /** Weight of the alternative that only the canary does harm. With it, five sessions of a tenth decide. */
    private static final double ONLY_CANARY = 1 / 3.0;

    /** Largest exponent whose power can be summed. Less evidence is on the safe side. */
    private static final double LARGEST = 600;

    private final double share;
    private final Set<Long> sessions = new HashSet<>();
    private final Map<List<String>, Integer> numbers = new HashMap<>();

    /** In the order of their first harm. */
    private final Map<Sender, Sides> senders = new LinkedHashMap<>();

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
        List<List<String>> parties = List.of(List.of("app", app), List.of("tenant", tenant));
        if (sessions.size() < MOST && parties.stream().allMatch(each -> numbers.getOrDefault(each, 0) < MOST_OF_ONE)
                && sessions.add(session)) {
            parties.forEach(each -> numbers.merge(each, 1, Integer::sum));
            senders.merge(new Sender(app, tenant), isOnCanary ? new Sides(1, 0) : new Sides(0, 1), Sides::and);
        }
    }

    synchronized Sides sides() {
        return senders.values().stream().reduce(new Sides(0, 0), Sides::and);
    }

    /** Returns the evidence of everybody, which no single app and no single tenant can hide. */
    synchronized double total() {
        return Math.max(evidence(senders.keySet()), unhidden(this::evidence));
    }

    /**
     * Returns the evidence that no single app and no single tenant can raise or hide.
     *
     * @param apps whether more than one app downloads; otherwise it is not left out
     * @param tenants the same of tenants
     */
    synchronized double evidence(boolean apps, boolean tenants) {
        List<Function<Sender, Object>> kinds = APPS_AND_TENANTS.stream()
                .filter(kind -> kind == APPS_AND_TENANTS.get(0) ? apps : tenants).toList();
        return kinds.isEmpty() ? evidence(senders.keySet()) : unhidden(some -> evidence(some) - kinds.stream()
                .flatMap(kind -> parties(some, kind).stream()).mapToDouble(this::evidence).max().orElse(0));
    }

    /** Returns the largest evidence of all parties and of all but one, less the price of that choice. */
    private double unhidden(ToDoubleFunction<Collection<Sender>> evidence) {
        if (senders.isEmpty()) {
            return 0;
        }
        double most = evidence.applyAsDouble(senders.keySet()) + NOBODY_HIDES;
        for (Function<Sender, Object> kind : APPS_AND_TENANTS) {
            List<Sender> hiding = List.of();
            double price = 0;
            int place = 0;
            for (List<Sender> party : parties(senders.keySet(), kind)) {
                place++;
                // The weights of all places and both kinds add up to a half.
                double ofParty = Math.log(4.0 * place * (place + 1));
                if (hiding.isEmpty() || evidence(party) + ofParty < evidence(hiding) + price) {
                    hiding = party;
                    price = ofParty;
                }
            }
            Set<Sender> rest = new LinkedHashSet<>(senders.keySet());
            hiding.forEach(rest::remove);
            most = Math.max(most, evidence.applyAsDouble(rest) - price);
        }
        return most;
    }

    private static Collection<List<Sender>> parties(Collection<Sender> some, Function<Sender, Object> kind) {
        return some.stream().collect(Collectors.groupingBy(kind, LinkedHashMap::new, Collectors.toList())).values();
    }

    private double evidence(Collection<Sender> some) {
        return some.stream().mapToDouble(sender -> ratios.computeIfAbsent(senders.get(sender),
                sides -> logRatio(sides.canary, sides.others, share))).sum();
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
