package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.auth.GuessBrake.Where;
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

/** How many guesses a sender gets, and who is never in its way. */
@Isolated("counts the lines of the audit log")
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
class GuessBrakeTest {

    private static final String RIGHT = "right";
    private static final String APP = "app";
    private static final String HERE = "203.0.113.7";
    private static final String ELSEWHERE = "203.0.113.8";

    private final HandClock hand = new HandClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GuessBrake brake = new GuessBrake(meters, hand);
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
    void senderGetsTenGuessesAndIsThenRefusedEvenWithTheRightSecret() {
        assertThat(comparedOf(1_000, HERE, APP)).isEqualTo(10);

        assertThat(guess(HERE, APP, RIGHT)).isFalse();
        assertThat(counted("wrong")).isEqualTo(10);
        assertThat(counted("braked")).isEqualTo(991);
    }

    @Test
    void waitIsASecondAtFirstAndThenFiveMinutes() {
        comparedOf(10, HERE, APP);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            long seconds = 0;
            while (comparedOf(1, HERE, APP) == 0) {
                hand.advance(Duration.ofSeconds(1));
                seconds++;
            }
            waits.add(seconds);
        }

        assertThat(waits).containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 290L, 300L);
    }

    @Test
    void rightSecretAfterTheWaitEndsTheBrake() {
        comparedOf(10, HERE, APP);
        hand.advance(Duration.ofSeconds(1));

        assertThat(guess(HERE, APP, RIGHT)).isTrue();
        assertThat(comparedOf(100, HERE, APP)).isEqualTo(10);
    }

    @Test
    void nobodyCanLockOutAName() {
        for (int attacker = 0; attacker < 200; attacker++) {
            comparedOf(20, "198.51.100." + attacker, APP);
        }

        assertThat(guess(HERE, APP, RIGHT)).isTrue();
    }

    @Test
    void otherNamesAtTheAddressAndTheConsoleGoOn() {
        comparedOf(20, HERE, APP);

        assertThat(guess(HERE, "another", RIGHT)).isTrue();
        assertThat(brake.attempt(Where.CONSOLE, HERE, APP, () -> Optional.of(APP))).isPresent();
    }

    @Test
    void addressThatTriesManyNamesGetsAHundredGuesses() {
        int before = compared.get();
        for (int name = 0; name < 1_000; name++) {
            guess(HERE, "app-" + name, "wrong");
        }

        assertThat(compared.get() - before).isEqualTo(100);
        assertThat(guess(ELSEWHERE, "app-1", RIGHT)).isTrue();
    }

    @Test
    void clientThatWasRightBeforeIsNotInTheWayOfOneThatSharesItsAddress() {
        guess(HERE, APP, RIGHT);
        for (int name = 0; name < 1_000; name++) {
            guess(HERE, "app-" + name, "wrong");
        }

        assertThat(guess(HERE, APP, RIGHT)).isTrue();
        assertThat(guess(HERE, "app-1", RIGHT)).isFalse();
    }

    @Test
    void oldSecretOfAKnownClientDoesNotBrakeItsAddress() {
        guess(HERE, APP, RIGHT);
        for (int hour = 0; hour < 23; hour++) {
            comparedOf(20, HERE, APP);
            hand.advance(Duration.ofHours(1));
        }

        assertThat(comparedOf(10, HERE, "another")).isEqualTo(10);
    }

    @Test
    void guessesAtTheSameTimeAreOneGuessInAWait() {
        comparedOf(10, HERE, APP);
        hand.advance(Duration.ofSeconds(1));
        int before = compared.get();
        CyclicBarrier together = new CyclicBarrier(16);

        assertThat(OwnThread.each(16, client -> {
            assertThatNoException().isThrownBy(together::await);
            return guess(HERE, APP, "wrong");
        })).allSatisfy(each -> assertThat(each.join()).isFalse());
        assertThat(compared.get() - before).isEqualTo(1);
    }

    @Test
    void memoryHasABoundWhateverNamesAndAddressesCome() {
        String padding = "x".repeat(10_000);
        for (int i = 0; i < 60_000; i++) {
            guess("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), i + padding,
                    i % 2 == 0 ? RIGHT : "wrong");
        }

        assertThat(List.of(brake.names.estimatedSize(), brake.addresses.estimatedSize(), brake.trusted.estimatedSize()))
                .allMatch(size -> size <= GuessBrake.MOST);
        assertThat(brake.names.asMap().keySet()).allMatch(names -> names.toString().length() < 200);
    }

    @Test
    void rightSecretsAtTheSameTimeDoNotBrakeEachOther() {
        comparedOf(9, HERE, APP);

        assertThat(OwnThread.each(200, client -> guess(HERE, APP, RIGHT)))
                .allSatisfy(each -> assertThat(each.join()).isTrue());
    }

    @Test
    void namesThatDifferAtTheirEndAreDifferentNames() {
        String start = "x".repeat(200);
        comparedOf(20, HERE, start + "1");

        assertThat(guess(HERE, start + "2", RIGHT)).isTrue();
    }

    @Test
    void oneLineSaysWhereABrakeStartsAndHoldsNoSecret() {
        for (int i = 0; i < 50; i++) {
            guess("2001:db8:0:7::1", "app\nINFO forged \u202e\u2028 line", "the-secret-guess");
            hand.advance(Duration.ofSeconds(10));
        }

        assertThat(audit.list()).singleElement().asString().doesNotContain("\n");
        assertThat(audit.list().get(0).getKeyValuePairs()).hasToString("[where=\"token-by-ak-sk\", "
                + "address=\"2001:db8:0:7::/64\", name=\"app\\u000aINFO forged \\u202e\\u2028 line\", guesses=\"10\"]");
    }

    @Test
    void linesHaveABoundToo() {
        for (int i = 0; i < 5_000; i++) {
            guess(HERE, "app" + i, "wrong");
        }

        assertThat(audit.list()).singleElement()
                .satisfies(line -> assertThat(line.getKeyValuePairs().toString()).contains("(many)"));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "203.0.113.7, 203.0.113.7, true", "203.0.113.7, 203.0.113.8, false",
        "2001:db8::1, 2001:db8:0:0:ffff:ffff:ffff:ffff, true", "2001:db8::1, 2001:db8:0:1::1, false",
        "2001:DB8::1, 2001:db8::2, true", "[2001:db8::1], 2001:db8::2, true", "fe80::1%eth0, fe80::2, true",
        "::ffff:203.0.113.7, 203.0.113.7, true", "::ffff:203.0.113.7, ::ffff:203.0.113.8, false",
        "-, unknown, true", "evil.example.com, other.example.com, false", "1:2:zz, 1:2:yy, false"})
    void sendersOfOneNetworkAreOneSender(String one, String other, boolean same) {
        comparedOf(20, one, APP);

        assertThat(guess(other, APP, RIGHT)).isEqualTo(!same);
    }
}
