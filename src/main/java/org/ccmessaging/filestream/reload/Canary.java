package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.observe.FinishedDownload;
import org.ccmessaging.filestream.reload.HarmedSessions.Sides;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.KeyedHash;
import org.springframework.stereotype.Component;

/**
 * A generation that some sessions get first, and the comparison with the active generation, which the other sessions
 * get at the same time. Stores that fail, traffic that rises and customers who ask for files that do not exist meet
 * both sides, because a keyed hash of the session alone chooses the side. A session counts once for each kind of harm,
 * by that hash.
 *
 * <p>The worker reads the {@link #verdict} in each turn and acts; a canary itself changes nothing.
 */
class Canary {

    /** The kinds of harm that roll an edit back. */
    private static final List<Harm> PROVABLE = List.of(Harm.FAILED, Harm.MISSING, Harm.LATE);

    /** Evidence for refusals. They only delay a promotion, by chance that of one edit in this at most. */
    private static final double DOUBT = Math.log(100);

    /** Time from the end of a request to the first byte that keeps a customer waiting. A store takes a tenth of it. */
    private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();

    /** Time in which a generation opens its first connections. Requests that arrive in it are not late. */
    private static final long WARM_UP_NANOS = Duration.ofSeconds(5).toNanos();

    private static final Set<Ending> REFUSALS = Set.of(Ending.BUSY, Ending.REFUSED, Ending.STRANGER);
    private static final int FILES_BITS = 16;
    private static final double PERCENT = 100;

    private final Served served;
    private final int percent;
    private final Counts counts;
    private final LongSupplier nanoTime;
    private final long begin;
    private final long end;
    private final LongAdder onCanary = new LongAdder();
    private final LongAdder onOthers = new LongAdder();
    private final LongAdder servedByCanary = new LongAdder();
    private final Map<Harm, HarmedSessions> harmed = new EnumMap<>(Harm.class);
    private final KeyedHash hash;

    /** Hashes of files that the active generation has served. A new one replaces another by chance: nobody fills it. */
    private final AtomicLongArray files = new AtomicLongArray(1 << FILES_BITS);

    /** Apps and tenants with downloads. Each set has two at most, because a second one changes the rule. */
    private final Set<String> apps = ConcurrentHashMap.newKeySet();
    private final Set<String> tenants = ConcurrentHashMap.newKeySet();

    /** The kinds of harm that a download may do to a customer, as messages name them. */
    enum Harm {

        FAILED("failed"),
        /** The file was not found, although the active generation has served it since the canary began. */
        MISSING("did not find a file that the active generation serves"),
        LATE("waited for their first byte for more than a second"),
        /** It passed the checks of the frame and got no file. A client can cause that, and an edit may intend it. */
        REFUSED("were refused");

        private final String text;

        Harm(String text) {
            this.text = text;
        }
    }

    /** Directions for the worker. */
    enum Decision {
        WATCH, PROMOTE, ROLL_BACK
    }

    /** @param text what the canary waits for, or the harm, for people; empty for a promotion */
    record Verdict(Decision decision, String text) {
    }

    /**
     * The facts of a download that count.
     *
     * @param file names what the client requested; {@code null} if the frame has refused the request
     * @param waited from the end of the request to the first byte of the response, in nanoseconds
     * @param took from the request to the last byte of the response, in nanoseconds
     */
    record Counted(long session, boolean isOnCanary, String app, String tenant, String file, Ending ending, Cause cause,
            long waited, long took) {

        static Counted of(FinishedDownload download) {
            String tenant = String.valueOf(download.customer().tenantId());
            DownloadRequest request = download.checked();
            return new Counted(download.session().name(), download.session().canary() == download.generation(),
                    String.valueOf(download.appKey()), tenant, request == null ? null
                            : tenant + "\0" + request.multiMedia() + "\0" + request.fileId(),
                    download.ending(), download.cause(),
                    download.firstByteNanoseconds() == null ? 0 : download.firstByteNanoseconds(),
                    download.nanoseconds());
        }
    }

    /** Hands each download to the canary in whose time it has entered, and does nothing while one generation serves. */
    @Component
    static final class Counts implements FinishedDownload.Listener {

        private volatile Canary canary;

        @Override
        public void ended(FinishedDownload download) {
            // Nothing that an edit may change comes before the customer is verified, and anybody can invent tokens.
            if (canary != null && download.customer() != null && download.session() != null) {
                count(download.session().canary(), Counted.of(download));
            }
        }

        /** @param number of the canary when the request entered */
        void count(int number, Counted download) {
            Canary now = canary;
            if (now != null && now.served().number() == number) {
                now.count(download);
            }
        }
    }

    /** @param random chooses the key that hashes the names of files */
    Canary(Served served, int percent, Duration watch, Counts counts, LongSupplier nanoTime, RandomGenerator random) {
        this.served = served;
        this.percent = percent;
        this.counts = counts;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
        this.end = begin + watch.toNanos();
        this.hash = new KeyedHash(random);
        for (Harm harm : Harm.values()) {
            harmed.put(harm, new HarmedSessions(percent / PERCENT));
        }
        counts.canary = this;
    }

    Served served() {
        return served;
    }

    /** Ends the comparison. */
    void end() {
        counts.canary = null;
    }

    void count(Counted download) {
        (download.isOnCanary ? onCanary : onOthers).increment();
        note(apps, download.app);
        note(tenants, download.tenant);
        if (download.ending == Ending.SERVED && download.isOnCanary) {
            servedByCanary.increment();
        } else if (download.ending == Ending.SERVED && download.file != null) {
            long file = hash.of(download.file);
            files.set(place(file), file);
        }
        Harm harm = harm(download);
        if (harm != null) {
            harmed.get(harm).add(download.session, download.isOnCanary, download.app, download.tenant);
        }
    }

    private static void note(Set<String> some, String another) {
        if (some.size() < 2) {
            some.add(another);
        }
    }

    private static int place(long file) {
        return (int) (file >>> (Long.SIZE - FILES_BITS));
    }

    /** A client that disconnects and a route that an operator has stopped are not the service's fault. */
    private Harm harm(Counted download) {
        boolean isRefused = download.file != null && REFUSALS.contains(download.ending);
        long file = isRefused ? hash.of(download.file) : 0;
        return download.ending == Ending.FAILED ? Harm.FAILED
                : isRefused && download.cause == Cause.NOT_FOUND && files.get(place(file)) == file ? Harm.MISSING
                : download.waited > SLOW_NANOS
                        && nanoTime.getAsLong() - download.took - begin > WARM_UP_NANOS ? Harm.LATE
                : isRefused ? Harm.REFUSED : null;
    }

    /** Returns what has been seen so far and what comes next, for people. */
    String state() {
        return "Generation %d gets %d %% of the sessions. %s. %s".formatted(served.number(), percent,
                sessions(Harm.FAILED), verdict().text).strip();
    }

    /** Returns the seconds until the promotion of a harmless edit; 0 after that time. */
    long secondsLeft() {
        return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(end - nanoTime.getAsLong()));
    }

    Verdict verdict() {
        Optional<Harm> proved = first(this::evidence);
        if (proved.isPresent()) {
            return new Verdict(Decision.ROLL_BACK, sessions(proved.get()) + ". With " + percent
                    + " % of the sessions, chance does that at most once in 10,000 edits");
        }
        if (end - nanoTime.getAsLong() > 0) {
            return new Verdict(Decision.WATCH, "If it does no harm, the others get it in " + (secondsLeft() + 1)
                    + " s.");
        }
        Optional<Harm> ofOne = first(harm -> harmed.get(harm).total());
        String reason = ofOne.isPresent() ? sessions(ofOne.get()) + ", most of them of one app or tenant"
                : evidence(Harm.REFUSED) >= DOUBT ? sessions(Harm.REFUSED)
                : servedByCanary.sum() == 0 ? "no download of generation " + served.number() + " got its file yet"
                : null;
        return reason == null ? new Verdict(Decision.PROMOTE, "")
                : new Verdict(Decision.WATCH, "It waits for `routes promote` or another edit: " + reason + ".");
    }

    private static Optional<Harm> first(ToDoubleFunction<Harm> evidence) {
        return PROVABLE.stream().filter(harm -> evidence.applyAsDouble(harm) >= HarmedSessions.PROOF).findFirst();
    }

    private double evidence(Harm harm) {
        return harmed.get(harm).evidence(apps.size() > 1, tenants.size() > 1);
    }

    private String sessions(Harm harm) {
        Sides sides = harmed.get(harm).sides();
        return "%d of the sessions with generation %d %s (%d downloads), and %d of the others (%d downloads)".formatted(
                sides.canary(), served.number(), harm.text, onCanary.sum(), sides.others(), onOthers.sum());
    }
}
