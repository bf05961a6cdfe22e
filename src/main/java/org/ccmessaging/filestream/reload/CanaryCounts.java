package org.ccmessaging.filestream.reload;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.observe.FinishedDownload;
import org.ccmessaging.filestream.reload.HarmedSessions.Sides;
import org.ccmessaging.filestream.toolkit.ComparedSession;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.KeyedHash;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Counts the downloads on both sides of a canary, and the sessions that they harm. It does nothing while one generation
 * serves. A session counts once for each kind of harm, however often its client tries again, by the hash that has
 * chosen its side. Any client may want to decide about an edit, so nobody fills what is counted.
 */
@Component
final class CanaryCounts implements FinishedDownload.Listener {

    /** Time from the end of a request to the first byte that keeps a customer waiting. A store takes a tenth of it. */
    static final Duration SLOW = Duration.ofSeconds(1);

    /** Time in which a generation opens its first connections. Requests that arrive in it are not late. */
    static final Duration WARM_UP = Duration.ofSeconds(5);

    private static final int FILES_BITS = 16;

    private static final Set<Ending> REFUSALS = Set.of(Ending.BUSY, Ending.REFUSED, Ending.STRANGER);

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private volatile Comparison comparison;

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

        /** The file was not found, although the active generation has served it since the canary began. */
        MISSING("did not find a file that the active generation serves"),

        /** Its response started late. */
        LATE("waited for their first byte for more than a second"),

        /**
         * It passed the checks of the frame and got no file, for a documented reason. A client can cause that, and an
         * edit may intend it.
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
     * The facts of a download that count.
     *
     * @param file names what the client requested; {@code null} if the frame has refused the request
     * @param waited from the end of the request to the first byte of the response, in nanoseconds
     * @param took from the request to the last byte of the response, in nanoseconds
     */
    record Counted(long session, boolean isOnCanary, String app, String tenant, String file, Ending ending, Cause cause,
            long waited, long took) {

        static Counted of(ComparedSession session, FinishedDownload download) {
            String tenant = String.valueOf(download.customer().tenantId());
            DownloadRequest request = download.checked();
            return new Counted(session.name(), session.canary() == download.generation(),
                    String.valueOf(download.appKey()), tenant, request == null ? null
                            : tenant + "\0" + request.multiMedia() + "\0" + request.fileId(),
                    download.ending(), download.cause(),
                    download.firstByteNanoseconds() == null ? 0 : download.firstByteNanoseconds(),
                    download.nanoseconds());
        }
    }

    /** The counts of one canary. */
    static final class Comparison {

        private final int canary;
        private final long begin;
        private final KeyedHash hash;
        private final LongAdder onCanary = new LongAdder();
        private final LongAdder onOthers = new LongAdder();
        private final LongAdder servedByCanary = new LongAdder();
        private final Map<Harm, HarmedSessions> harmed = new EnumMap<>(Harm.class);

        /** Hashes of files that the active generation has served. A new one takes the place of another by chance. */
        private final AtomicLongArray files = new AtomicLongArray(1 << FILES_BITS);

        /** Apps and tenants with downloads, two at most: it matters whether there is more than one. */
        private final Set<String> apps = ConcurrentHashMap.newKeySet();
        private final Set<String> tenants = ConcurrentHashMap.newKeySet();

        /**
         * @param canary number of the generation that some sessions get first
         * @param share of those sessions, between 0 and 1
         * @param begin as {@code nanoTime}
         * @param hash has a key that no client knows
         */
        Comparison(int canary, double share, long begin, KeyedHash hash) {
            this.canary = canary;
            this.begin = begin;
            this.hash = hash;
            for (Harm harm : Harm.values()) {
                harmed.put(harm, new HarmedSessions(share));
            }
        }

        int canary() {
            return canary;
        }

        /** @param now as {@code nanoTime} */
        void count(Counted download, long now) {
            (download.isOnCanary ? onCanary : onOthers).increment();
            note(apps, download.app);
            note(tenants, download.tenant);
            if (download.ending == Ending.SERVED && download.isOnCanary) {
                servedByCanary.increment();
            } else if (download.ending == Ending.SERVED && download.file != null) {
                long file = hash.of(download.file);
                files.set(place(file), file);
            }
            Harm harm = harm(download, now);
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
        private Harm harm(Counted download, long now) {
            boolean isRefused = download.file != null && REFUSALS.contains(download.ending);
            return download.ending == Ending.FAILED ? Harm.FAILED
                    : isRefused && download.cause == Cause.NOT_FOUND && isServed(hash.of(download.file)) ? Harm.MISSING
                    : download.waited > SLOW.toNanos() && now - download.took - begin > WARM_UP.toNanos() ? Harm.LATE
                    : isRefused ? Harm.REFUSED : null;
        }

        private boolean isServed(long file) {
            return files.get(place(file)) == file;
        }

        /** Returns whether a download of the canary got its file. */
        boolean hasServed() {
            return servedByCanary.sum() > 0;
        }

        /** Returns the numbers of downloads and of harmed sessions on both sides, for people. */
        String counts(Harm harm) {
            Sides sides = harmed.get(harm).sides();
            return "%d of the sessions with generation %d %s (%d downloads), and %d of the others (%d downloads)"
                    .formatted(sides.canary(), canary, harm, onCanary.sum(), sides.others(), onOthers.sum());
        }

        /** Returns the evidence for that harm, which no single app and no single tenant can raise. */
        double evidence(Harm harm) {
            return harmed.get(harm).evidence(apps.size() > 1, tenants.size() > 1);
        }

        /** Returns the evidence of everybody. */
        double total(Harm harm) {
            return harmed.get(harm).total();
        }
    }

    /** Begins to count for a canary from zero, and no longer for the one before. */
    Comparison begin(int canary, double share) {
        comparison = new Comparison(canary, share, nanoTime.getAsLong(), new KeyedHash(random));
        return comparison;
    }

    void end() {
        comparison = null;
    }

    @Override
    public void ended(FinishedDownload download) {
        // Nothing that an edit may change comes before the customer is verified, and anybody can invent tokens.
        if (comparison != null && download.customer() != null) {
            ComparedSession session = download.session();
            if (session != null) {
                count(session.canary(), Counted.of(session, download));
            }
        }
    }

    /** @param canary number of the canary when the request entered */
    void count(int canary, Counted download) {
        Comparison now = comparison;
        if (now != null && now.canary() == canary) {
            now.count(download, nanoTime.getAsLong());
        }
    }
}
