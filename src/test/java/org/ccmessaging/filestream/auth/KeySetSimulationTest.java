package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Seeds;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Test;

/**
 * Runs the key set of an issuer in simulated lives: customers and strangers send tokens, and the issuer replaces its
 * key, is slow, fails and hangs. Time passes only when a fetch or the seed says so.
 */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class KeySetSimulationTest {

    private static final int SEEDS = 1_000;
    private static final long INTERVAL = IssuerKeys.INTERVAL.toMillis();
    private static final Duration PROBES = Duration.ofSeconds(10);
    private static final TrustedIssuer ISSUER = ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
            "filestream.auth.signing-key", Service.SIGNING_KEY, "filestream.auth.access-token.jwk-set-uri",
            "http://issuer.example")).accessTokens().get(0);

    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger fetches = new AtomicInteger();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void whatMustHoldHoldsInEveryLife() {
        Seeds.hold(SEEDS, seed -> new Life(seed, IssuerKeys.INTERVAL));
    }

    /** The interval that is the default of Nimbus. */
    @Test
    void bugThatIsPutBackIsFound() {
        Seeds.find("invented key IDs use up the fetches that a new key needs", SEEDS,
                seed -> new Life(seed, Duration.ofSeconds(30)));
    }

    private static JWKSelector selector(String id) {
        return new JWKSelector(new JWKMatcher.Builder().keyID(id).build());
    }

    private static Resource response(Stream<String> ids) {
        return new Resource(new JWKSet(ids.<JWK>map(id -> new OctetSequenceKey.Builder(new byte[32]).keyID(id)
                .build()).toList()).toString(false), "application/json");
    }

    private IssuerKeys keys(ResourceRetriever http) {
        return new IssuerKeys(ISSUER, http, clock::get, IssuerKeys.INTERVAL, meters);
    }

    @Test
    void setIsRenewedBeforeItIsTooOldAndAfterAFailure() throws Exception {
        String[] idOrFailure = {"", "1", "2", "", "3", "3"};
        IssuerKeys keys = keys(address -> {
            String id = idOrFailure[fetches.getAndIncrement()];
            if (id.isEmpty()) {
                throw new IOException("down");
            }
            return response(Stream.of(id));
        });
        keys.refresh(PROBES);
        assertThat(keys.missing()).isEqualTo(
                "filestream.auth.access-token.jwk-set-uri: IOException: down at http://issuer.example");
        assertThat(keys.state()).isEqualTo("no keys: IOException: down at http://issuer.example");

        keys.refresh(PROBES);
        assertThat(keys.missing()).isNull();
        assertThat(keys.state()).startsWith("1 keys, fetched at ").endsWith("Z");
        clock.addAndGet(IssuerKeys.KEPT.minus(PROBES).toMillis());
        keys.refresh(PROBES);
        assertThat(fetches).as("young enough").hasValue(2);

        clock.addAndGet(1);
        keys.refresh(PROBES);
        keys.refresh(PROBES);
        assertThat(fetches).as("young again").hasValue(3);
        assertThat(keys.get(selector("2"), null)).hasSize(1);
        clock.addAndGet(IssuerKeys.KEPT.toMillis());
        keys.refresh(PROBES);
        assertThat(keys.state()).endsWith("; the last fetch failed: IOException: down at http://issuer.example");
        assertThat(keys.get(selector("2"), null)).as("in spite of the failure").hasSize(1);

        keys.refresh(PROBES);
        assertThat(keys.get(selector("3"), null)).hasSize(1);
        clock.addAndGet(INTERVAL);
        assertThat(keys.get(selector("invented"), null)).isEmpty();
        assertThat(fetches).hasValue(6);
    }

    @Test
    void outageIsTwoLinesHoweverManyFetchesFailAndUnknownKeysUseUpNoPlace() throws Exception {
        IssuerKeys keys = keys(address -> {
            if (fetches.incrementAndGet() < 2 * IssuerKeys.MOST_WAITING) {
                throw new IOException("down");
            }
            return response(Stream.of("new"));
        });
        try (LoggedLines lines = new LoggedLines(IssuerKeys.class.getName())) {
            for (int i = 1; i < 2 * IssuerKeys.MOST_WAITING; i++) {
                assertThatThrownBy(() -> keys.get(selector("new"), null)).hasMessageContaining("down");
                clock.addAndGet(INTERVAL);
            }
            assertThat(keys.get(selector("new"), null)).hasSize(1);

            String set = "The key set of filestream.auth.access-token.jwk-set-uri";
            assertThat(lines.texts()).containsExactly(set + " cannot be fetched: IOException: down at"
                    + " http://issuer.example", set + " is back");
        }
        assertThat(meters.get("filestream.keyset.fetches").tag("outcome", "failure").counter().count())
                .isEqualTo(2 * IssuerKeys.MOST_WAITING - 1);
        assertThat(meters.get("filestream.keyset.fetches").tag("outcome", "success").counter().count()).isEqualTo(1);
    }

    @Test
    void issuerThatHangsHoldsUpABoundedNumberOfRequestsAndNoneWhoseKeyIsKnown() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        IssuerKeys keys = keys(address -> {
            if (fetches.incrementAndGet() > 1) {
                OwnThread.run(end::await).join();
            }
            return response(Stream.of("1"));
        });
        keys.refresh(PROBES);
        clock.addAndGet(INTERVAL);

        List<CompletableFuture<List<JWK>>> strangers = OwnThread.each(2 * IssuerKeys.MOST_WAITING, stranger -> {
            try {
                return keys.get(selector("invented-" + stranger), null);
            } catch (KeySourceException never) {
                throw new AssertionError(never);
            }
        });

        CompletableFuture.anyOf(strangers.toArray(CompletableFuture[]::new)).join();
        assertThat(keys.get(selector("1"), null)).hasSize(1);
        end.countDown();
        assertThat(strangers).allSatisfy(stranger -> assertThat(stranger.join()).isEmpty());
        assertThat(fetches.get()).as("fetches for all of them").isLessThanOrEqualTo(3);
    }

    private static final class Life implements Seeds.Life {

        private static final long SECOND = 1_000;

        private final List<String> trace = new ArrayList<>();
        private final Random random;
        private final IssuerKeys keys;
        private final List<Long> fetches = new ArrayList<>();
        private Set<String> published = Set.of("key-0");
        private Set<String> fetched = Set.of();
        private String how = "well";
        private int rotations;
        private long now;
        private Long refusedSince;

        Life(long seed, Duration interval) {
            this.random = new Random(seed);
            this.keys = new IssuerKeys(ISSUER, this::respond, () -> now, interval, new SimpleMeterRegistry());
        }

        @Override
        public List<String> trace() {
            return trace;
        }

        private Resource respond(URL address) throws IOException {
            fetches.add(now);
            now += how.equals("hanging") ? 2 * SECOND : random.nextLong(SECOND);
            if (!how.equals("well")) {
                throw new IOException(how);
            }
            fetched = Set.copyOf(published);
            return response(published.stream());
        }

        @Override
        public void run() {
            for (int i = 0; i < 100; i++) {
                int move = random.nextInt(20);
                if (move < 9) {
                    send("key-" + rotations);
                } else if (move < 15) {
                    // Some strangers name the key that the issuer will use next.
                    send(i % 3 == 0 ? "key-" + (rotations + 1) : "invented-" + i);
                } else if (move == 15) {
                    rotate();
                } else if (move == 16) {
                    how = List.of("well", "well", "well", "failing", "hanging").get(random.nextInt(5));
                    refusedSince = null;
                    trace.add("the issuer is " + how);
                } else if (move == 17) {
                    keys.refresh(PROBES);
                } else {
                    now += random.nextLong(random.nextBoolean() ? SECOND / 2 : 5 * SECOND);
                }
            }
            for (int i = 3; i < fetches.size(); i++) {
                assertThat(fetches.get(i) - fetches.get(i - 3)).as("time of four fetches")
                        .isGreaterThanOrEqualTo(INTERVAL);
            }
        }

        /** Some issuers publish the former key for a while, and no issuer here publishes a key before its use. */
        private void rotate() {
            Set<String> next = new TreeSet<>(Set.of("key-" + (rotations + 1)));
            if (random.nextBoolean()) {
                next.add("key-" + rotations);
            }
            published = next;
            rotations++;
            refusedSince = null;
            trace.add("the issuer publishes " + next);
        }

        private void send(String id) {
            long start = now;
            boolean isKnown = fetched.contains(id);
            boolean isNew = !isKnown && how.equals("well") && published.contains(id);
            List<JWK> selected = List.of();
            try {
                selected = keys.get(selector(id), null);
            } catch (KeySourceException none) {
                trace.add("no keys");
            }
            trace.add(now + " ms: " + id + ": " + selected.size());
            assertThat(selected).as(id).allMatch(key -> key.getKeyID().equals(id));
            if (isKnown) {
                assertThat(selected).as(id + " is accepted").hasSize(1);
            } else if (isNew) {
                // A new key is known after an interval, whatever key IDs strangers invent.
                refusedSince = refusedSince == null ? Long.valueOf(start) : refusedSince;
                assertThat(!selected.isEmpty() || start - refusedSince < INTERVAL).as(id + " in time").isTrue();
            }
            assertThat(now - start).as("wait for " + id).isLessThanOrEqualTo(isKnown ? 0 : 2 * SECOND);
        }
    }
}
