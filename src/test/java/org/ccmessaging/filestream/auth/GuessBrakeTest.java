package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.auth.GuessBrake.Where;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.HandClock;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The brake limits the wrong secrets of an address, and never affects senders at other addresses. */
@Isolated("counts the lines of the audit log")
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
class GuessBrakeTest {

    private static final String RIGHT = "right";
    private static final String APP = "app";
    private static final String HERE = "203.0.113.7";

    private final HandClock hand = new HandClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GuessBrake brake = new GuessBrake(meters, hand::currentTimeNanos);
    private final AtomicInteger compared = new AtomicInteger();
    @AutoClose
    private final LoggedLines audit = new LoggedLines(LogText.AUDIT.getName());

    private boolean guess(String address, String name, String secret) {
        return brake.attempt(Where.TOKEN_BY_AK_SK, address, name, () -> {
            compared.incrementAndGet();
            return secret.equals(RIGHT) ? Optional.of(name) : Optional.empty();
        }).isPresent();
    }

    private int comparedOf(int guesses, String address, String name) {
        int before = compared.get();
        for (int i = 0; i < guesses; i++) {
            guess(address, name, "wrong" + i);
        }
        return compared.get() - before;
    }

    private double counted(String outcome) {
        return meters.get("filestream.auth.guesses").tags("where", "token-by-ak-sk", "outcome", outcome).counter()
                .count();
    }

    @Test
    void senderGetsTenGuessesAndIsThenRefusedForFiveMinutesEvenWithTheRightSecret() {
        assertThat(comparedOf(1_000, HERE, APP)).isEqualTo(10);
        assertThat(guess(HERE, APP, RIGHT)).isFalse();
        assertThat(counted("wrong")).isEqualTo(10);
        assertThat(counted("braked")).isEqualTo(991);

        hand.advance(Duration.ofMinutes(5).minusSeconds(1));
        assertThat(guess(HERE, APP, RIGHT)).isFalse();
        hand.advance(Duration.ofSeconds(1));
        assertThat(comparedOf(100, HERE, APP)).isEqualTo(10);
    }

    @Test
    void rightSecretForgetsTheWrongOnesBeforeIt() {
        comparedOf(9, HERE, APP);

        assertThat(guess(HERE, APP, RIGHT)).isTrue();
        assertThat(comparedOf(100, HERE, APP)).isEqualTo(10);
    }

    @Test
    void nobodyCanLockOutAName() {
        for (int attacker = 0; attacker < 200; attacker++) {
            comparedOf(20, "198.51.100." + attacker, APP);
        }

        assertThat(guess(HERE, APP, RIGHT)).isTrue();
        assertThat(guess(null, APP, RIGHT)).isTrue();
    }

    @Test
    void otherNamesAtTheAddressAndTheConsoleAreNotAffected() {
        String name = "x".repeat(200);
        comparedOf(20, HERE, name);

        assertThat(guess(HERE, name + "1", RIGHT)).isTrue();
        assertThat(brake.attempt(Where.CONSOLE, HERE, name, () -> Optional.of(name))).isPresent();
    }

    /** Ten are compared at the same time, outside a lock: neither a download nor another login may wait for them. */
    @Test
    void ofTwoHundredSimultaneousWrongSecretsTenAreComparedAndNoneIsCalledWrongBeforeTheyAre() {
        CountDownLatch end = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> guesses = OwnThread.each(200, sender -> brake.attempt(
                Where.TOKEN_BY_AK_SK, HERE, APP, () -> {
                    compared.incrementAndGet();
                    OwnThread.supply(() -> end.await(1, TimeUnit.MINUTES)).join();
                    return Optional.empty();
                }).isPresent());
        await().until(() -> compared.get() + guesses.stream().filter(CompletableFuture::isDone).count() == 200);

        assertThat(compared).hasValue(10);
        assertThat(guesses).filteredOn(CompletableFuture::isDone).allSatisfy(busy -> assertThat(busy)
                .failsWithin(Duration.ZERO).withThrowableThat().havingCause().isInstanceOf(ServiceBusyException.class));
        end.countDown();
        await().until(() -> guesses.stream().allMatch(CompletableFuture::isDone));
        assertThat(guess(HERE, APP, RIGHT)).isFalse();
        hand.advance(Duration.ofMinutes(5));
        assertThat(guess(HERE, APP, RIGHT)).isTrue();
    }

    @Test
    void comparisonThatFailsCountsForNothing() {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> brake.attempt(Where.TOKEN_BY_AK_SK, HERE, APP, () -> {
                throw new ServiceBusyException("too many secrets of apps are compared with hashes");
            })).hasMessageContaining("too many");
        }
        assertThat(comparedOf(100, HERE, APP)).isEqualTo(10);
    }

    @Test
    void wrongSecretsAreForgottenFiveMinutesAfterTheLastOfThem() {
        assertThat(comparedOf(5, HERE, APP)).isEqualTo(5);
        hand.advance(Duration.ofMinutes(4));
        assertThat(comparedOf(4, HERE, APP)).isEqualTo(4);
        hand.advance(Duration.ofMinutes(4));
        assertThat(comparedOf(9, HERE, APP)).isEqualTo(1);
        hand.advance(Duration.ofMinutes(5));
        assertThat(comparedOf(9, HERE, APP)).isEqualTo(9);
    }

    @Test
    void oneLineSaysWhereABrakeStartsAndHoldsNoSecret() {
        for (int i = 0; i < 20; i++) {
            guess("2001:db8:0:7::1", "app\nINFO forged \u202e\u2028 line" + "x".repeat(50), "the-secret-guess");
        }

        assertThat(audit.list()).singleElement().asString().doesNotContain("\n");
        assertThat(audit.list().get(0).getKeyValuePairs().toString()).startsWith("[where=\"token-by-ak-sk\", "
                + "address=\"2001:db8:0:7::/64\", name=\"app\\u000aINFO forged \\u202e\\u2028 linex")
                .endsWith("xxx...\"]");
    }

    @ParameterizedTest
    @CsvSource({"2001:db8::1, 2001:db8:0:0:ffff:ffff:ffff:ffff, true", "2001:db8::1, 2001:db8:0:1::1, false",
        "::ffff:203.0.113.7, 203.0.113.7, true", ", unknown, true", "evil.example.com, other.example.com, false"})
    void sendersOfOneNetworkAreOneSender(String one, String other, boolean same) {
        comparedOf(20, one, APP);

        assertThat(guess(other, APP, RIGHT)).isEqualTo(!same);
    }
}
