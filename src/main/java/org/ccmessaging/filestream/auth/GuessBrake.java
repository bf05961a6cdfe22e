package org.ccmessaging.filestream.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.toolkit.ClientAddress;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Slows down guesses of a secret. After some wrong ones, an address must wait before the service compares its next one
 * for the same name, and an address that tries many names must wait as well. Callers at other addresses are not
 * affected, so nobody can lock out a name (decision 0017).
 */
@Component
public class GuessBrake {

    /** The secrets that are guessed: an app's secret, and the password of the console's user. */
    public enum Where { TOKEN_BY_AK_SK, CONSOLE }

    /** Wrong guesses without a wait. Typing errors and an old secret need some; many apps may share an address. */
    private static final int FREE_FOR_A_NAME = 10;
    private static final int FREE_FOR_AN_ADDRESS = 100;

    /** Waits: a second after each of as many further guesses, then five minutes after each. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final Duration MEMORY = Duration.ofHours(2);
    private static final Duration TRUSTED = Duration.ofHours(24);

    /** Maximum number of entries of each table, some 500 bytes each. Those that guess rarely are evicted first. */
    static final int MOST = 10_000;

    /** Maximum length of a name in a table and in the log, in characters. A client may send 64 KiB. */
    private static final int LONGEST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());

    private final MeterRegistry meters;
    private final TimeMeter clock;
    final LoadingCache<List<Object>, Sender> names;
    final LoadingCache<List<Object>, Sender> addresses;
    final Cache<List<Object>, Boolean> trusted;

    /** @param logged whether the log reports that the sender must wait */
    record Sender(int free, Bucket guesses, AtomicBoolean logged) {
    }

    @Autowired
    GuessBrake(MeterRegistry meters) {
        // The clock of the system could be set.
        this(meters, TimeMeter.SYSTEM_NANOTIME);
    }

    GuessBrake(MeterRegistry meters, TimeMeter clock) {
        this.meters = meters;
        this.clock = clock;
        this.names = table().expireAfterAccess(MEMORY).build(key -> sender(FREE_FOR_A_NAME));
        this.addresses = table().expireAfterAccess(MEMORY).build(key -> sender(FREE_FOR_AN_ADDRESS));
        this.trusted = table().expireAfterWrite(TRUSTED).build();
        for (Where where : Where.values()) {
            counter(where, "wrong");
            counter(where, "braked");
        }
    }

    private Caffeine<Object, Object> table() {
        return Caffeine.newBuilder().maximumSize(MOST).ticker(clock::currentTimeNanos).executor(Runnable::run);
    }

    private Sender sender(int free) {
        return new Sender(free, Bucket.builder().withCustomTimePrecision(clock)
                .addLimit(limit -> limit.capacity(free).refillGreedy(1, FIRST_WAIT))
                .addLimit(limit -> limit.capacity(2L * free).refillGreedy(1, LONGEST_WAIT)).build(),
                new AtomicBoolean());
    }

    private Counter counter(Where where, String outcome) {
        return Counter.builder("filestream.auth.guesses").tag("where", label(where)).tag("outcome", outcome)
                .description("Wrong secrets, and secrets that were not compared because their sender must wait")
                .register(meters);
    }

    private static String label(Where where) {
        return where.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Compares a secret, unless its sender must wait.
     *
     * @param address the sender's, as the connection has it; {@code null} if it is unknown
     * @param compare returns nothing if the secret is wrong
     * @return the result of {@code compare}; nothing if the sender must wait
     */
    public <T> Optional<T> attempt(Where where, String address, String name, Supplier<Optional<T>> compare) {
        String network = ClientAddress.network(Objects.requireNonNullElse(address, "unknown"));
        List<Object> pair = List.of(where, shortened(network), shortened(name));
        Sender anyName = addresses.get(pair.subList(0, 2));
        // One at a time: guesses at the same time are one guess in a wait, and right secrets use up no guesses.
        synchronized (anyName) {
            Sender sender = names.get(pair);
            boolean known = trusted.getIfPresent(pair) != null;
            if (!known && anyName.guesses.getAvailableTokens() <= 0 || !sender.guesses.tryConsume(1)) {
                counter(where, "braked").increment();
                return Optional.empty();
            }
            Optional<T> right = compare.get();
            if (right.isPresent()) {
                names.invalidate(pair);
                trusted.put(pair, true);
                return right;
            }
            counter(where, "wrong").increment();
            log(sender, where, network, name);
            // A client whose secret was changed must not make others at its address wait.
            if (!known && anyName.guesses.tryConsume(1)) {
                log(anyName, where, network, "(many)");
            }
            return right;
        }
    }

    /** Returns a digest of a long text: texts that differ after the 64th character are different names. */
    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : DigestUtils.sha256Hex(text);
    }

    private static void log(Sender sender, Where where, String network, String name) {
        if (sender.guesses.getAvailableTokens() <= 0 && sender.logged.compareAndSet(false, true)) {
            LOG.atWarn().addMarker(LogText.AUDIT).addKeyValue("where", label(where))
                    .addKeyValue("address", LogText.visible(network, LONGEST))
                    .addKeyValue("name", LogText.visible(name, LONGEST)).addKeyValue("guesses", sender.free)
                    .log("brake on guessing started");
        }
    }
}
