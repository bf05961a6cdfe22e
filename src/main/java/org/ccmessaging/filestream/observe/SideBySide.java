package org.ccmessaging.filestream.observe;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.stereotype.Component;

/**
 * Counts the downloads of generations of routes that serve at the same time, and the sessions that they harm. It
 * counts without a lock, and nothing while one generation serves.
 */
@Component
public final class SideBySide implements FinishedDownload.Listener {

    /** Time to the first byte of a response that keeps a customer waiting. A store takes a tenth of it. */
    static final Duration SLOW = Duration.ofSeconds(1);

    /** Sessions with failures that a side keeps, many more than a comparison needs. After that, none is counted. */
    private static final int MOST = 10_000;

    private volatile Map<Integer, Side> sides = Map.of();

    /** The kinds of harm that a download may do to a customer, as messages name them. */
    public enum Harm {

        /** Its ending is {@link Ending#FAILED}. */
        FAILED("failed"),

        /** The file was not found. */
        NOT_FOUND("found no file"),

        /** Its response started after more than a second. */
        LATE("waited for their first byte for more than a second");

        private final String says;

        Harm(String says) {
            this.says = says;
        }

        @Override
        public String toString() {
            return says;
        }
    }

    /**
     * The downloads that have ended in a generation.
     *
     * @param harmed the sessions, which count once, however often a client tries again
     */
    public record Side(LongAdder downloads, Map<Harm, Set<Customer>> harmed) {

        private Side() {
            this(new LongAdder(), Stream.of(Harm.values())
                    .collect(Collectors.toMap(harm -> harm, harm -> ConcurrentHashMap.newKeySet())));
        }

        /** Returns the number of sessions with a download of that kind. */
        public int sessions(Harm harm) {
            return harmed.get(harm).size();
        }
    }

    /** Begins to count these generations from zero, and no longer the ones before. */
    public void begin(int... generations) {
        sides = IntStream.of(generations).boxed().collect(Collectors.toMap(number -> number, number -> new Side()));
    }

    /** Returns the counts of a generation; {@code null} if it is not counted. */
    public Side of(int generation) {
        return sides.get(generation);
    }

    @Override
    public void ended(FinishedDownload download) {
        Map<Integer, Side> all = sides;
        Side side = all.get(download.generation());
        // Nothing that an edit may change comes before the customer is verified, and anybody can invent tokens.
        if (side == null || download.customer() == null) {
            return;
        }
        side.downloads.increment();
        Harm harm = harm(download);
        if (harm != null && all.values().stream().allMatch(each -> each.sessions(harm) < MOST)) {
            side.harmed.get(harm).add(download.customer());
        }
    }

    /**
     * Returns the harm of a download; {@code null} for none. The contract documents refusals. A client that disconnects
     * and a route that an operator has stopped are not the service's fault; what a throttle step refuses is intended.
     */
    static Harm harm(FinishedDownload download) {
        Long firstByte = download.firstByteNanoseconds();
        return download.ending() == Ending.FAILED ? Harm.FAILED
                : download.ending() == Ending.REFUSED && download.cause() == Cause.NOT_FOUND ? Harm.NOT_FOUND
                : firstByte != null && firstByte > SLOW.toNanos() ? Harm.LATE : null;
    }
}
