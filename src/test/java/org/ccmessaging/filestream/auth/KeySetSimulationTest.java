package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Schedules.explore;
import static org.ccmessaging.filestream.support.Schedules.require;
import static org.ccmessaging.filestream.support.Schedules.together;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.CachingJWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ccmessaging.filestream.support.Schedules;
import org.ccmessaging.filestream.support.Seeds;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs the key set of an issuer in simulated lives: customers and strangers send tokens, and the issuer replaces its
 * key, is slow, fails and hangs. Time passes only when a fetch, a pause or the seed says so.
 */
class KeySetSimulationTest {

    private static final int SEEDS = 1_000;
    private static final TrustedIssuer ISSUER = ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
            "filestream.auth.signing-key", Service.SIGNING_KEY, "filestream.auth.access-token.jwk-set-uri",
            "http://issuer.example")).accessTokens().get(0);
    private static final IssuerCalls CALLS = new IssuerCalls(ISSUER, new SimpleMeterRegistry());

    @Test
    void whatMustHoldHoldsInEveryLife() {
        Seeds.hold(SEEDS, seed -> new Life(seed, false));
    }

    @Test
    void faultThatIsPutBackIsFound() {
        Seeds.find("invented key IDs use up the fetches that a new key needs", SEEDS, seed -> new Life(seed, true));
    }

    private static JWKSet set(String id) {
        return new JWKSet(new OctetSequenceKey.Builder(new byte[32]).keyID(id).build());
    }

    private static JWKSelector selector(String id) {
        return new JWKSelector(new JWKMatcher.Builder().keyID(id).build());
    }

    /** Responds after a nanosecond, each time with the key of the next ID; {@code ""}: it fails. */
    private static IssuerKeySet keySet(AtomicLong clock, String... ids) {
        AtomicInteger fetches = new AtomicInteger();
        return new IssuerKeySet(ISSUER, CALLS) {
            @Override
            long nanoTime() {
                return clock.get();
            }

            @Override
            void pause(long nanos) {
                clock.addAndGet(Math.max(0, nanos));
            }

            @Override
            JWKSet fetch() throws IOException {
                clock.addAndGet(1);
                String id = ids[fetches.getAndIncrement()];
                if (id.isEmpty()) {
                    throw new IOException("down");
                }
                return set(id);
            }
        };
    }

    @Test
    void setIsRenewedBeforeItIsTooOldAndAfterAFailure() throws Exception {
        AtomicLong clock = new AtomicLong(1);
        IssuerKeySet keys = keySet(clock, "", "1", "2", "", "3", "3");
        keys.refresh(0);
        assertThat(keys.missing()).isEqualTo("filestream.auth.access-token.jwk-set-uri: down");
        assertThat(keys.state().toString()).contains("DOWN", "no keys: down");

        keys.refresh(0);
        assertThat(keys.missing()).isNull();
        assertThat(keys.state().toString()).contains("UP", "1 keys, fetched at ", "; 0 tokens named")
                .endsWith("among them]");
        clock.addAndGet(IssuerKeySet.KEPT - 10 - 1);
        keys.refresh(10);
        assertThat(keys.get(selector("1"), null)).as("young enough").hasSize(1);

        long before = clock.get();
        keys.refresh(11);
        assertThat(clock.get()).as("fetched").isGreaterThan(before);
        assertThat(keys.get(selector("2"), null)).hasSize(1);
        clock.addAndGet(IssuerKeySet.KEPT);
        keys.refresh(0);
        assertThat(keys.state().toString()).contains("UNKNOWN").endsWith("; the last fetch failed: down]");
        assertThat(keys.get(selector("2"), null)).as("in spite of the failure").hasSize(1);

        keys.refresh(0);
        assertThat(keys.get(selector("3"), null)).hasSize(1);
        assertThat(keys.get(selector("invented"), null)).isEmpty();
        assertThat(keys.state().toString()).contains("; 1 tokens named");
    }

    /** Customers with the new key and a stranger send tokens, while the set is due as well. */
    @Test
    @Tag("schedules")
    void newKeyIsKnownAfterAtMostTwoFetchesInEverySchedule() {
        explore(() -> {
            AtomicLong clock = new AtomicLong();
            IssuerKeySet keys = keySet(clock, "former", "new", "new", "new", "new");
            keys.refresh(0);
            Schedules.Work customer = () -> require(keys.get(selector("new"), null).size() == 1, "the key is known");
            together(customer, customer, () -> keys.get(selector("invented"), null));
            require(clock.get() <= 3 * TimeUnit.SECONDS.toNanos(1), "requests that wait share their fetches");
        });
    }

    private static final class Life implements Seeds.Life {

        private static final int STEPS = 100;
        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

        private final List<String> trace = new ArrayList<>();
        private final Random random;
        private final JWKSource<SecurityContext> keys;
        private Set<String> published = Set.of("key-0");
        private Set<String> fetched = Set.of();
        private String how = "well";
        private int rotations;
        private long now;
        private long fetchedAt = -SECOND;

        /** @param rationed with the fault that two fetches in 30 s are all that tokens of unknown keys get */
        Life(long seed, boolean rationed) {
            this.random = new Random(seed);
            this.keys = rationed ? rationed() : new IssuerKeySet(ISSUER, CALLS) {
                @Override
                long nanoTime() {
                    return now;
                }

                @Override
                void pause(long nanos) {
                    now += Math.max(0, nanos);
                }

                @Override
                JWKSet fetch() throws IOException {
                    assertThat(now - fetchedAt).as("time between two fetches").isGreaterThanOrEqualTo(SECOND);
                    return respond();
                }
            };
        }

        /** The key source of Nimbus, in the time of this life. */
        private JWKSource<SecurityContext> rationed() {
            JWKSetSource<SecurityContext> source = new JWKSetSource<>() {
                @Override
                public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long time, SecurityContext context)
                        throws KeySourceException {
                    try {
                        return respond();
                    } catch (IOException failed) {
                        throw new JWKSetRetrievalException(failed.getMessage(), failed);
                    }
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            };
            JWKSetSource<SecurityContext> cache = new CachingJWKSetSource<>(
                    new RateLimitedJWKSetSource<>(source, 30_000, null), 300_000, 15_000, null);
            return (selector, context) -> {
                JWKSet set = cache.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), now / 1_000_000, context);
                List<JWK> selected = selector.select(set);
                return !selected.isEmpty() ? selected : selector.select(cache.getJWKSet(
                        JWKSetCacheRefreshEvaluator.referenceComparison(set), now / 1_000_000, context));
            };
        }

        @Override
        public List<String> trace() {
            return trace;
        }

        private JWKSet respond() throws IOException {
            fetchedAt = now;
            now += how.equals("hanging") ? 2 * SECOND : random.nextLong(SECOND);
            if (!how.equals("well")) {
                throw new IOException("no keys: " + how);
            }
            fetched = Set.copyOf(published);
            return new JWKSet(published.stream().<JWK>map(id -> new OctetSequenceKey.Builder(new byte[32]).keyID(id)
                    .build()).toList());
        }

        @Override
        public void run() {
            for (int i = 0; i < STEPS; i++) {
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
                    trace.add("the issuer is " + how);
                } else if (move == 17 && keys instanceof IssuerKeySet keySet) {
                    keySet.refresh(10 * SECOND);
                } else {
                    now += random.nextLong(5 * SECOND);
                }
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
            trace.add("the issuer publishes " + next);
        }

        private void send(String id) {
            long start = now;
            boolean isKnown = fetched.contains(id);
            List<JWK> selected = List.of();
            try {
                selected = keys.get(selector(id), null);
            } catch (KeySourceException none) {
                trace.add("no keys");
            }
            trace.add(now / 1_000_000 + " ms: " + id + ": " + selected.size());
            assertThat(selected).as(id).allMatch(key -> key.getKeyID().equals(id));
            if (isKnown || how.equals("well") && published.contains(id)) {
                assertThat(selected).as(id + " is accepted").hasSize(1);
            }
            assertThat(now - start).as("wait for " + id).isLessThan(isKnown ? 1 : 3 * SECOND + 1);
        }
    }
}
