package org.ccmessaging.filestream.reload;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.observe.FinishedDownload;
import org.ccmessaging.filestream.toolkit.ComparedSession;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.KeyedHash;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Counts the downloads on both sides of a canary, and the sessions that they harm. It counts nothing while one
 * generation serves.
 *
 * <p>Any client may want to decide about an edit. So a session counts once, by the hash that has chosen its side, and
 * the evidence is that without the app, and without the tenant, that gives most of it.
 */
@Component
final class CanaryCounts implements FinishedDownload.Listener {

    /** Time from the end of a request to the first byte that keeps a customer waiting. A store takes a tenth of it. */
    static final Duration SLOW = Duration.ofSeconds(1);

    /** Time in which a generation opens its first connections. Requests that arrive in it are not late. */
    static final Duration WARM_UP = Duration.ofSeconds(5);

    /** Sessions for each kind of harm, many more than a comparison needs. After that, none is counted. */
    private static final int MOST_SESSIONS = 10_000;

    /** Files that the active generation has served, a megabyte of hashes. */
    private static final int MOST_FILES = 20_000;

    /** Alternatives to the share of the canary, evenly from that share to 1. */
    private static final int ALTERNATIVES = 100;

    /** Weight of the alternative that only the canary does harm. */
    private static final double ONLY_CANARY = 1 / 3.0;

    /** Largest exponent that {@link Math#exp} can sum. Less evidence is on the safe side. */
    private static final double LARGEST = 600;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private volatile Comparison comparison = Comparison.NONE;

    @Autowired
    CanaryCounts() {
        this(System::nanoTime, new SecureRandom());
    }

    /** @param random chooses the key that hashes the names of files */
    CanaryCounts(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** The kinds of harm that a download may do to a customer, as messages name them. */
    enum Harm {

        /** Its ending is {@link Ending#FAILED}. */
        FAILED("failed"),

        /** The file was not found, although the active generation has served it to another request meanwhile. */
        MISSING("did not find a file that the active generation serves"),

        /** Its response started after more than a second. */
        LATE("waited for their first byte for more than a second"),

        /**
         * It passed the checks of the frame and got no file, for a reason that the contract documents or a step of an
         * author gives. A client can cause it and an edit may intend it, so it rolls nothing back.
         */
        REFUSED("were refused");

        private final String text;

        Harm(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * The facts of a download that the comparison uses.
     *
     * @param isOnCanary whether the canary has served it
     * @param file what the client requested, with its tenant; {@code null} if the frame has refused the request
     * @param waitedNanos from the end of the request to the first byte of the response
     * @param nanos from the request to the last byte of the response
     */
    record Counted(long session, boolean isOnCanary, String app, String tenant, String file, Ending ending, Cause cause,
            long waitedNanos, long nanos) {

        private Counted(ComparedSession session, FinishedDownload download) {
            this(session.name(), session.canary() == download.generation(), String.valueOf(download.appKey()),
                    String.valueOf(download.customer().tenantId()), file(download), download.ending(), download.cause(),
                    Objects.requireNonNullElse(download.firstByteNanoseconds(), 0L), download.nanoseconds());
        }

        private static String file(FinishedDownload download) {
            DownloadRequest request = download.checked();
            return request == null ? null
                    : download.customer().tenantId() + "\0" + request.multiMedia() + "\0" + request.fileId();
        }
    }

    /** A session with a kind of harm. */
    private record Harmed(boolean isOnCanary, String app, String tenant) {
    }

    /** The downloads that have ended on one side, and those of them that were served. */
    private record Side(LongAdder downloads, LongAdder served) {
    }

    /**
     * A comparison of two generations.
     *
     * @param canary number of the generation that some sessions get first; 0 for no comparison
     * @param served hashes of files that the active generation has served
     * @param apps some that have had a download, at most two, which is enough to know that there is more than one
     * @param tenants the same of tenants
     */
    private record Comparison(int canary, long begin, KeyedHash hash, Map<Boolean, Side> sides,
            Map<Harm, Map<Long, Harmed>> harmed, Set<Long> served, Set<String> apps, Set<String> tenants) {

        static final Comparison NONE = new Comparison(0, 0, null);

        Comparison(int canary, long begin, KeyedHash hash) {
            this(canary, begin, hash, Stream.of(true, false).collect(Collectors.toMap(side -> side,
                    side -> new Side(new LongAdder(), new LongAdder()))), Arrays.stream(Harm.values())
                    .collect(Collectors.toMap(harm -> harm, harm -> new ConcurrentHashMap<>())),
                    ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }

        void count(Counted download, long now) {
            Side side = sides.get(download.isOnCanary);
            side.downloads.increment();
            note(apps, download.app, 2);
            note(tenants, download.tenant, 2);
            if (download.ending == Ending.SERVED) {
                side.served.increment();
                if (!download.isOnCanary && download.file != null) {
                    note(served, hash.of(download.file), MOST_FILES);
                }
            }
            Harm harm = harm(download, now);
            Map<Long, Harmed> sessions = harmed.get(harm);
            if (sessions != null && sessions.size() < MOST_SESSIONS) {
                sessions.putIfAbsent(download.session,
                        new Harmed(download.isOnCanary, download.app, download.tenant));
            }
        }

        private static <T> void note(Set<T> some, T another, int most) {
            if (some.size() < most) {
                some.add(another);
            }
        }

        /** A client that disconnects and a route that an operator has stopped are not the service's fault. */
        private Harm harm(Counted download, long now) {
            boolean isRefused = download.file != null && Set.of(Ending.BUSY, Ending.REFUSED, Ending.STRANGER)
                    .contains(download.ending);
            return download.ending == Ending.FAILED ? Harm.FAILED
                    : isRefused && download.cause == Cause.NOT_FOUND && served.contains(hash.of(download.file))
                            ? Harm.MISSING
                    : download.waitedNanos > SLOW.toNanos()
                            && now - download.nanos - begin > WARM_UP.toNanos() ? Harm.LATE
                    : isRefused ? Harm.REFUSED : null;
        }
    }

    /** Begins to count for a canary from zero, and no longer for the one before. */
    void begin(int canary) {
        comparison = new Comparison(canary, nanoTime.getAsLong(), new KeyedHash(random));
    }

    /** Ends the comparison. */
    void end() {
        comparison = Comparison.NONE;
    }

    @Override
    public void ended(FinishedDownload download) {
        // Nothing that an edit may change comes before the customer is verified, and anybody can invent tokens.
        if (comparison.canary != 0 && download.customer() != null) {
            ComparedSession session = download.session();
            if (session != null) {
                count(session.canary(), new Counted(session, download));
            }
        }
    }

    /** @param canary number of the canary at which the request entered; the download of another one does not count */
    void count(int canary, Counted download) {
        Comparison now = comparison;
        if (now.canary == canary) {
            now.count(download, nanoTime.getAsLong());
        }
    }

    long downloads(boolean onCanary) {
        return comparison.sides.get(onCanary).downloads.sum();
    }

    /** Returns the number of downloads that got their file. */
    long served(boolean onCanary) {
        return comparison.sides.get(onCanary).served.sum();
    }

    /** Returns the number of sessions with that harm. */
    long sessions(Harm harm, boolean onCanary) {
        return comparison.harmed.get(harm).values().stream().filter(each -> each.isOnCanary == onCanary).count();
    }

    /**
     * Returns the evidence that the canary does that harm, which no single app and no single tenant can raise.
     *
     * <p>If an edit is harmless, the keyed hash puts each harmed session on the side of the canary with the probability
     * of its share, whatever the sessions before did. So the product of {@link #logRatio} over the apps is a test
     * martingale, and it is one without any app too (Robbins 1970; Ramdas et al., Game-theoretic statistics and safe
     * anytime-valid inference, 2023). The least product without one app is at most the product of all honest apps, if
     * one app lies. So it exceeds a bound b at any time with a probability of at most 1/b (Ville's inequality). An app
     * with harm on the other side lowers only its own factor, which is at least one part in some hundred. Where only
     * one app or tenant downloads, nobody is left out.
     *
     * @return natural logarithm of a likelihood ratio
     */
    double evidence(Harm harm, double share) {
        Comparison now = comparison;
        Collection<Harmed> sessions = now.harmed.get(harm).values();
        return Math.min(evidence(sessions, Harmed::app, now.apps.size() > 1, share),
                evidence(sessions, Harmed::tenant, now.tenants.size() > 1, share));
    }

    /** Returns the same evidence with everybody, which one app can raise. */
    double evidenceOfAll(Harm harm, double share) {
        return evidence(comparison.harmed.get(harm).values(), each -> "", false, share);
    }

    private static double evidence(Collection<Harmed> sessions, Function<Harmed, String> group, boolean leavesOneOut,
            double share) {
        // Many groups have the same counts, such as one session.
        Map<List<Long>, Long> groups = sessions.stream().collect(Collectors.groupingBy(group)).values().stream()
                .collect(Collectors.groupingBy(each -> {
                    long canary = each.stream().filter(Harmed::isOnCanary).count();
                    return List.of(canary, each.size() - canary);
                }, Collectors.counting()));
        double sum = 0;
        double most = 0;
        for (Map.Entry<List<Long>, Long> same : groups.entrySet()) {
            double ratio = logRatio(same.getKey().get(0), same.getKey().get(1), share);
            sum += same.getValue() * ratio;
            most = Math.max(most, ratio);
        }
        return leavesOneOut ? sum - most : sum;
    }

    /**
     * Returns the logarithm of the mean likelihood ratio of harm by the canary to chance. A third of the weight is on
     * harm by the canary only, which five sessions of a tenth show; the rest is even between the share and 1.
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
