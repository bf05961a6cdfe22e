package org.ccmessaging.filestream.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Limits the wrong secrets that one address sends for one app or user. After ten in a row, refuses further secrets from
 * this address for this app or user for five minutes. Five minutes without a wrong secret forget the former ones. Other
 * addresses (IPv6: other /64 networks) are not affected, so nobody can lock out an app or user (decision 0017).
 */
@Component
public class GuessBrake {

    /** The endpoint or page that receives a secret. */
    public enum Where { TOKEN_BY_AK_SK, CONSOLE }

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());
    private static final int LONGEST_TEXT = 64;
    private static final int MAX_WRONG = 10;

    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern FIRST_64_BITS = Pattern.compile("^((?:[^:]+:){4}).*$");

    private final MeterRegistry meters;
    private final Cache<String, Guesses> bySender;

    /** @param left ten, minus wrong secrets in a row, minus comparisons in progress */
    private record Guesses(Semaphore left, AtomicInteger wrong) { }

    @Autowired
    GuessBrake(MeterRegistry meters) {
        this(meters, Ticker.systemTicker());
    }

    GuessBrake(MeterRegistry meters, Ticker ticker) {
        this.meters = meters;
        this.bySender = Caffeine.newBuilder().maximumSize(10_000).ticker(ticker)
                .expireAfterWrite(Duration.ofMinutes(5)).build();
        // Creates the counters now, because Prometheus misses the first increase of a new counter.
        for (Where where : Where.values()) {
            counter(where, "wrong");
            counter(where, "braked");
        }
    }

    /**
     * Returns the result of {@code compare}; an empty result if the address sent too many wrong secrets for the name.
     *
     * @param address address of the sender; {@code null} for an unknown address
     * @param compare compares the secret, and returns an empty result if the secret is wrong
     * @throws ServiceBusyException if ten wrong secrets or comparisons in progress leave none for this secret
     */
    public <T> Optional<T> attempt(Where where, String address, String name, Supplier<Optional<T>> compare) {
        String network = address == null ? "unknown" : network(address);
        String sender = DigestUtils.sha256Hex(where + network + '\n' + name);
        Guesses guesses = bySender.get(sender, first -> new Guesses(new Semaphore(MAX_WRONG), new AtomicInteger()));
        // Counts a guess before comparing it, because other guesses of the sender may be compared at the same time.
        if (!guesses.left.tryAcquire()) {
            counter(where, "braked").increment();
            if (guesses.wrong.get() < MAX_WRONG) {
                throw new ServiceBusyException("ten secrets of this sender are wrong or still compared");
            }
            return Optional.empty();
        }
        // A comparison that throws gives its guess back. A right secret also gives back the wrong ones before it.
        int unused = 1;
        try {
            Optional<T> right = compare.get();
            unused = right.isPresent() ? 1 + guesses.wrong.getAndSet(0) : 0;
            if (right.isPresent()) {
                return right;
            }
        } finally {
            guesses.left.release(unused);
        }
        counter(where, "wrong").increment();
        bySender.put(sender, guesses);
        if (guesses.wrong.incrementAndGet() == MAX_WRONG) {
            LOG.atWarn().addMarker(LogText.AUDIT).addKeyValue("where", label(where))
                    .addKeyValue("address", LogText.visible(network, LONGEST_TEXT))
                    .addKeyValue("name", LogText.visible(name, LONGEST_TEXT)).log("brake on guessing started");
        }
        return Optional.empty();
    }

    /**
     * Returns the /64 network of an IPv6 address, because one client usually has a whole network. Returns other
     * addresses unchanged. Never asks DNS.
     */
    private static String network(String address) {
        String literal = address.replaceAll("^\\[|]$|%.*$", "");
        try {
            return IPV6.matcher(literal).matches() ? FIRST_64_BITS.matcher(
                    InetAddress.getByName(literal).getHostAddress()).replaceFirst("$1:/64") : address;
        } catch (UnknownHostException malformed) {
            return address;
        }
    }

    private Counter counter(Where where, String outcome) {
        return meters.counter("filestream.auth.guesses", "where", label(where), "outcome", outcome);
    }

    private static String label(Where where) {
        return where.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
