package org.ccmessaging.filestream.console;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.observe.Ending;

/**
 * The downloads of some minutes whose customers could get a file. Strangers, wrong requests and missing files are not
 * among them, because anybody could hide failures with such requests.
 *
 * @param refused number of downloads that got 503, by reason
 */
record Downloads(long served, long failed, Map<Refusal, Long> refused) {

    /** Share that is broken, as in alerts FilestreamStorageFailing and FilestreamManyRefused. */
    private static final double LITTLE = 0.05;

    /** @param counters by their names in {@link Traffic.Sample} */
    static Downloads in(Map<String, Long> counters) {
        Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
        for (Refusal each : Refusal.values()) {
            refused.put(each, counters.getOrDefault("filestream.downloads.refused reason=" + each.tag(), 0L));
        }
        refused.values().removeIf(count -> count == 0);
        return new Downloads(counters.getOrDefault("ending=" + Ending.SERVED, 0L),
                counters.getOrDefault("ending=" + Ending.FAILED, 0L), refused);
    }

    boolean areNone() {
        return served == 0 && areAllServed();
    }

    boolean areAllServed() {
        return failed == 0 && refused.isEmpty();
    }

    /** One customer at its limit breaks nothing, and cannot hide the failures of others. */
    boolean areBroken() {
        long bad = failed + refused.entrySet().stream().filter(each -> !each.getKey().isOfOne())
                .mapToLong(Map.Entry::getValue).sum();
        return bad > 0 && bad >= LITTLE * (served + bad);
    }

    /** Returns the end of the name of the alert whose runbook helps most. */
    String alert() {
        Map.Entry<Refusal, Long> most = refused.entrySet().stream().max(Map.Entry.comparingByValue()).orElse(null);
        if (most == null || failed >= most.getValue()) {
            return "storagefailing";
        }
        return most.getKey() == Refusal.STOPPED ? "routestopped"
                : most.getKey().isOfOne() ? "customerlimited" : "refusing";
    }

    @Override
    public String toString() {
        long all = refused.values().stream().mapToLong(Long::longValue).sum();
        String reasons = refused.entrySet().stream().map(each -> each.getKey().tag() + " " + each.getValue())
                .collect(Collectors.joining(", "));
        return areNone() ? "no downloads" : served + " of " + (served + failed + all) + " served"
                + (failed == 0 ? "" : ", " + failed + " failed")
                + (all == 0 ? "" : ", " + all + " refused (" + reasons + ")");
    }
}
