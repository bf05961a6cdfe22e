package org.ccmessaging.filestream.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.toolkit.ClientAddress;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Refuses the secrets that an address sends for a name, if ten of them were wrong in five minutes. Callers at other
 * addresses are not affected, so nobody can lock out a name (decision 0017).
 */
@Component
public class GuessBrake {

    /** The secrets that are guessed: an app's secret, and the password of the console's user. */
    public enum Where { TOKEN_BY_AK_SK, CONSOLE }

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());
    private static final int LONGEST_TEXT = 64;
    private static final int MOST_WRONG = 10;

    private final MeterRegistry meters;
    private final Cache<String, AtomicInteger> wrong;

    @Autowired
    GuessBrake(MeterRegistry meters) {
        this(meters, Ticker.systemTicker());
    }

    GuessBrake(MeterRegistry meters, Ticker ticker) {
        this.meters = meters;
        this.wrong = Caffeine.newBuilder().maximumSize(10_000).ticker(ticker).expireAfterWrite(Duration.ofMinutes(5))
                .build();
        // So that the metric exists before the first guess.
        for (Where where : Where.values()) {
            counter(where, "wrong");
            counter(where, "braked");
        }
    }

    /**
     * Compares a secret, without a lock, since a hash takes long.
     *
     * @param address the sender's, as the connection has it; {@code null} if it is unknown
     * @param compare returns nothing if the secret is wrong
     * @return the result of {@code compare}; nothing if the sender must wait
     */
    public <T> Optional<T> attempt(Where where, String address, String name, Supplier<Optional<T>> compare) {
        String network = address == null ? "unknown" : ClientAddress.network(address);
        String sender = DigestUtils.sha256Hex(where + network + '\n' + name);
        AtomicInteger guesses = wrong.get(sender, first -> new AtomicInteger());
        if (guesses.get() >= MOST_WRONG) {
            counter(where, "braked").increment();
            return Optional.empty();
        }
        Optional<T> right = compare.get();
        if (right.isPresent()) {
            wrong.invalidate(sender);
            return right;
        }
        counter(where, "wrong").increment();
        if (guesses.incrementAndGet() == MOST_WRONG) {
            LOG.atWarn().addMarker(LogText.AUDIT).addKeyValue("where", label(where))
                    .addKeyValue("address", LogText.visible(network, LONGEST_TEXT))
                    .addKeyValue("name", LogText.visible(name, LONGEST_TEXT)).log("brake on guessing started");
        }
        return right;
    }

    private Counter counter(Where where, String outcome) {
        return meters.counter("filestream.auth.guesses", "where", label(where), "outcome", outcome);
    }

    private static String label(Where where) {
        return where.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
