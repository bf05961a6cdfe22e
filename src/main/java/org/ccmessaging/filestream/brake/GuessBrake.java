package org.ccmessaging.filestream.brake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Slows down guesses of a secret. After some wrong ones, an address must wait before the service compares the next one
 * for the same name; each further wrong one doubles the wait. An address that tries many names must wait as well. A
 * caller at another address notices nothing: nobody can lock out a name (decision 0031).
 */
@Component
public class GuessBrake {

    /** Where secrets are guessed. The name is the value of label {@code where}. */
    public enum Where {

        /** The secret of an app. */
        TOKEN_BY_AK_SK("token-by-ak-sk"),

        /** The password of the console's user. */
        CONSOLE("console");

        private final String label;

        Where(String label) {
            this.label = label;
        }
    }

    /** Wrong guesses of one name from one address without a wait: typing errors, and a client with an old secret. */
    static final int FREE_FOR_A_NAME = 10;

    /** Wrong guesses from one address without a wait, whatever the names. Many apps may share an address. */
    static final int FREE_FOR_AN_ADDRESS = 100;

    /** How long the service remembers that a pair of name and address was right. */
    static final Duration TRUSTED = Duration.ofHours(24);

    /** Most pairs that the service remembers as right; each takes some 200 bytes. */
    static final int MOST_TRUSTED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());

    private final Waits names;
    private final Waits addresses;
    private final Cache<Source, Boolean> trusted;
    private final Map<Where, Counter> wrong = new EnumMap<>(Where.class);
    private final Map<Where, Counter> braked = new EnumMap<>(Where.class);

    @Autowired
    GuessBrake(MeterRegistry meters) {
        // Not the clock on the wall, which somebody may set.
        this(meters, Ticker.systemTicker());
    }

    GuessBrake(MeterRegistry meters, Ticker ticker) {
        this.names = new Waits(FREE_FOR_A_NAME, ticker);
        this.addresses = new Waits(FREE_FOR_AN_ADDRESS, ticker);
        this.trusted = Caffeine.newBuilder().maximumSize(MOST_TRUSTED).expireAfterWrite(TRUSTED).ticker(ticker)
                .executor(Runnable::run).build();
        for (Where where : Where.values()) {
            wrong.put(where, counter(where, "wrong", meters));
            braked.put(where, counter(where, "braked", meters));
        }
    }

    private static Counter counter(Where where, String outcome, MeterRegistry meters) {
        return Counter.builder("filestream.auth.guesses").tag("where", where.label).tag("outcome", outcome)
                .description("Wrong secrets, and secrets that were not compared because their sender must wait")
                .register(meters);
    }

    /**
     * Compares a secret, unless its sender must wait.
     *
     * @param where what the secret is for
     * @param address the sender's, as the connection has it
     * @param name whose secret it is, as the sender says
     * @param compare returns nothing if the secret is wrong
     * @return what {@code compare} returned; nothing if the sender must wait
     */
    public <T> Optional<T> attempt(Where where, String address, String name, Supplier<Optional<T>> compare) {
        String network = Networks.of(address);
        Source pair = Source.of(where, network, name);
        Source whole = Source.of(where, network, null);
        boolean known = trusted.getIfPresent(pair) != null;
        if (!names.admits(pair) || !known && !addresses.admits(whole)) {
            braked.get(where).increment();
            return Optional.empty();
        }
        Optional<T> right = compare.get();
        if (right.isPresent()) {
            names.forget(pair);
            trusted.put(pair, true);
            return right;
        }
        wrong.get(where).increment();
        if (names.countWrong(pair)) {
            tell(where, network, name, FREE_FOR_A_NAME);
        }
        // A client whose secret was changed must not make others wait that share its address.
        if (!known && addresses.countWrong(whole)) {
            tell(where, network, "(many)", FREE_FOR_AN_ADDRESS);
        }
        return right;
    }

    private static void tell(Where where, String network, String name, int guesses) {
        LOG.atWarn().addMarker(LogText.AUDIT).addKeyValue("where", where.label)
                .addKeyValue("address", Source.printable(network)).addKeyValue("name", Source.printable(name))
                .addKeyValue("guesses", guesses).log("brake on guessing started");
    }

    /** How many senders the service remembers, of any kind. */
    long remembered() {
        return names.size() + addresses.size() + trusted.estimatedSize();
    }
}
