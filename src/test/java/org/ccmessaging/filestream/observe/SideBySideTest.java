package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.observe.SideBySide.Harm;
import org.ccmessaging.filestream.toolkit.Customer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Counts of the downloads of two generations that serve at the same time. */
class SideBySideTest {

    private static final Customer ALICE = new Customer("demo", "web-1", "alice");

    private final SideBySide sides = new SideBySide();

    private void record(int generation, Customer customer, String code, Cause cause, long firstByteMillis) {
        sides.ended(download(generation, customer, code, cause,
                code.equals("0") ? null : new IllegalStateException("x"), firstByteMillis));
    }

    private static FinishedDownload download(int generation, Customer customer, String code, Cause cause,
            Throwable failure, long firstByteMillis) {
        return new FinishedDownload(null, Map.of(), customer, null, null, "local", code, 0, 0,
                TimeUnit.MILLISECONDS.toNanos(firstByteMillis), failure, cause, Ending.of(code, cause, failure), null,
                generation);
    }

    @Test
    void sessionCountsOnceOnItsSideHoweverOftenItFails() {
        sides.begin(1, 2);
        for (int i = 0; i < 3; i++) {
            record(2, ALICE, "13", Cause.OTHER, 5);
        }
        record(2, new Customer("demo", "web-1", "bob"), "13", Cause.UNREACHABLE, 5);
        record(1, ALICE, "0", Cause.NONE, 5);
        record(3, ALICE, "13", Cause.OTHER, 5);

        assertThat(sides.of(2).downloads().sum()).isEqualTo(4);
        assertThat(sides.of(2).sessions(Harm.FAILED)).isEqualTo(2);
        assertThat(sides.of(1).downloads().sum()).isEqualTo(1);
        assertThat(sides.of(1).sessions(Harm.FAILED)).isZero();
        assertThat(sides.of(3)).isNull();
    }

    @Test
    void firstByteAfterMoreThanASecondKeepsASessionWaiting() {
        sides.begin(1, 2);
        record(2, ALICE, "0", Cause.NONE, 1_000);
        assertThat(sides.of(2).sessions(Harm.LATE)).isZero();
        record(2, ALICE, "0", Cause.NONE, 1_001);
        record(2, ALICE, "0", Cause.NONE, 3_000);

        assertThat(sides.of(2).sessions(Harm.LATE)).isEqualTo(1);
    }

    @Test
    void inventedCredentialsAreNoSession() {
        sides.begin(1, 2);
        record(2, null, "500", Cause.CREDENTIALS, 5);

        assertThat(sides.of(2).downloads().sum()).isZero();
        assertThat(sides.of(2).sessions(Harm.FAILED)).isZero();
    }

    @Test
    void eachComparisonBeginsAtZero() {
        sides.begin(1, 2);
        record(2, ALICE, "13", Cause.OTHER, 5);
        sides.begin(1, 3);
        record(2, ALICE, "13", Cause.OTHER, 5);
        assertThat(sides.of(2)).isNull();
        assertThat(sides.of(3).downloads().sum()).isZero();
        sides.begin();
        record(3, ALICE, "13", Cause.OTHER, 5);
        assertThat(sides.of(3)).isNull();
    }

    /** A comparison would be wrong if one side counted on. */
    @Test
    void bothSidesStopAtTheBoundOfTheSessionsThatOneKeeps() {
        sides.begin(1, 2);
        for (int i = 0; i < 10_100; i++) {
            record(1, new Customer("demo", "web-1", "user-" + i), "13", Cause.OTHER, 5);
        }
        record(2, ALICE, "13", Cause.OTHER, 5);

        assertThat(sides.of(1).sessions(Harm.FAILED)).isEqualTo(10_000);
        assertThat(sides.of(2).sessions(Harm.FAILED)).isZero();
    }

    static Stream<Arguments> outcomes() {
        Exception unforeseen = new NullPointerException();
        return Stream.of(
                Arguments.of("a complete file", "0", Cause.NONE, null, null),
                Arguments.of("a fault of a route", "13", Cause.OTHER, unforeseen, Harm.FAILED),
                Arguments.of("a fault of a route whose code an edit has changed", "99", Cause.OTHER, unforeseen,
                        Harm.FAILED),
                Arguments.of("a fault of a route whose code says that the service is busy", "503", Cause.OTHER,
                        unforeseen, Harm.FAILED),
                Arguments.of("a fault before the download", "500", Cause.CREDENTIALS,
                        new UnauthorizedException("x"), Harm.FAILED),
                Arguments.of("a client that disconnects", "aborted", Cause.OTHER, unforeseen, null),
                Arguments.of("a route that is stopped", "503", Cause.OTHER,
                        new DirectConsumerNotAvailableException("x", null), null),
                Arguments.of("a step that throttles", "503", Cause.OTHER,
                        new CamelExecutionException("x", null, new ThrottlerRejectedExecutionException("x")), null),
                Arguments.of("a credential that does not hold", "401", Cause.CREDENTIALS,
                        new UnauthorizedException("x"), null),
                Arguments.of("the same with another code", "403", Cause.CREDENTIALS,
                        new CamelExecutionException("x", null, new UnauthorizedException("x")), null),
                Arguments.of("a token without a tenant", "2", Cause.OTHER, new IdentityMissingException("x"),
                        null),
                Arguments.of("a read that broke", "13", Cause.BROKEN, new ReadBrokenException("x"), Harm.FAILED),
                Arguments.of("a store that is down", "13", Cause.UNREACHABLE, unforeseen, Harm.FAILED),
                Arguments.of("a file that is not there", "13", Cause.NOT_FOUND, unforeseen, Harm.NOT_FOUND),
                Arguments.of("a file that is too large", "13", Cause.TOO_LARGE, unforeseen, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outcomes")
    void failuresOfTheServiceItsRoutesAndTheStoresAreHarm(
            String name, String code, Cause cause, Throwable failure, Harm expected) {
        assertThat(SideBySide.harm(download(1, ALICE, code, cause, failure, 5))).isEqualTo(expected);
    }
}
