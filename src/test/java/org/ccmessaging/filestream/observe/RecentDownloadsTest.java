package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.observe.RecentDownloads.Counts;
import org.ccmessaging.filestream.support.OwnThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Counts of the downloads of the last seconds, by generation. */
class RecentDownloadsTest {

    private static final String LOCAL = "local";

    private final AtomicLong second = new AtomicLong(1_000_000);
    private final RecentDownloads recent = recent(Duration.ofSeconds(60));

    private RecentDownloads recent(Duration window) {
        return new RecentDownloads(window, () -> TimeUnit.SECONDS.toNanos(second.get()));
    }

    private void record(int generation, int times) {
        for (int i = 0; i < times; i++) {
            recent.record(generation, LOCAL, false, false);
        }
    }

    private long downloads(int generation) {
        return recent.counts(it -> it == generation).downloads();
    }

    @Test
    void generationsAreCountedApartAndTogether() {
        record(1, 3);
        record(2, 2);
        recent.record(2, LOCAL, true, false);
        recent.record(2, "standard", false, true);
        recent.record(2, "none", true, false);

        assertThat(recent.counts(it -> it < 2)).isEqualTo(new Counts(3, 0, Map.of(LOCAL, 0L)));
        assertThat(recent.counts(it -> it == 2)).isEqualTo(new Counts(5, 2,
                Map.of(LOCAL, 0L, "standard", 1L)));
        assertThat(recent.counts(it -> true).downloads()).isEqualTo(8);
        assertThat(recent.counts(it -> it == 3)).isEqualTo(new Counts(0, 0, Map.of()));
    }

    @Test
    void refusedCredentialsHideNoFailure() {
        UnauthorizedException invented = new UnauthorizedException("x");
        for (String code : List.of("401", "401", "500")) {
            recent.record(new FinishedDownload("id", null, null, null, LOCAL, code, 0, 0, null, Cause.CREDENTIALS,
                    "x", false, false, 1), invented);
        }

        assertThat(recent.counts(it -> true)).isEqualTo(new Counts(1, 1, Map.of(LOCAL, 0L)));
    }

    @Test
    void downloadsAreForgottenAfterTheTimeThatCounts() {
        record(1, 1);
        second.addAndGet(30);
        record(1, 2);
        assertThat(downloads(1)).isEqualTo(3);
        second.addAndGet(30);
        assertThat(downloads(1)).isEqualTo(3);
        second.incrementAndGet();
        assertThat(downloads(1)).isEqualTo(2);
        second.addAndGet(30);
        assertThat(downloads(1)).isZero();
    }

    @Test
    void eachSecondIsCountedThoughItsPlaceIsUsedAgain() {
        for (int i = 0; i < 1_000; i++) {
            record(1, 1);
            second.incrementAndGet();
        }
        assertThat(downloads(1)).isEqualTo(60);
    }

    /** The time of {@link System#nanoTime()} may be negative. */
    @Test
    void negativeTimeCountsAsAnyOther() {
        second.set(-30);
        record(1, 1);
        second.set(10);
        record(1, 1);

        assertThat(downloads(1)).isEqualTo(2);
    }

    @Test
    void timeOfZeroCountsNothing() {
        RecentDownloads off = recent(Duration.ZERO);
        off.record(1, LOCAL, true, true);

        assertThat(off.counts(it -> true)).isEqualTo(new Counts(0, 0, Map.of()));
    }

    @Test
    void partOfASecondIsASecond() {
        RecentDownloads half = recent(Duration.ofMillis(500));
        half.record(1, LOCAL, true, false);
        second.incrementAndGet();

        assertThat(half.counts(it -> true).failures()).isEqualTo(1);
    }

    @Test
    void noDownloadOfManyThreadsIsLost() {
        assertThat(OwnThread.each(8, thread -> {
            for (int n = 0; n < 10_000; n++) {
                recent.record(thread % 2, LOCAL, n % 10 == 0, false);
                if (n % 2_000 == 0) {
                    second.incrementAndGet();
                }
            }
            return null;
        })).allSatisfy(done -> assertThat(done).succeedsWithin(Duration.ofSeconds(30)));
        // 40 seconds have passed, of 60.
        assertThat(recent.counts(it -> true)).isEqualTo(
                new Counts(80_000, 8_000, Map.of(LOCAL, 0L)));
        assertThat(downloads(1)).isEqualTo(40_000);
    }

    static Stream<Arguments> outcomes() {
        Exception unforeseen = new NullPointerException();
        return Stream.of(
                Arguments.of("a complete file", "0", Cause.NONE, false, null, false),
                Arguments.of("a fault of a route", "13", Cause.OTHER, false, unforeseen, true),
                Arguments.of("a fault of a route whose code an edit has changed", "99", Cause.OTHER, false, unforeseen,
                        true),
                Arguments.of("a fault of a route whose code says that the service is busy", "503", Cause.OTHER, false,
                        unforeseen, true),
                Arguments.of("a fault before the download", "500", Cause.CREDENTIALS, false,
                        new UnauthorizedException("x"), true),
                Arguments.of("a client that disconnects", "aborted", Cause.OTHER, true, unforeseen, false),
                Arguments.of("a route that is stopped", "503", Cause.OTHER, true, unforeseen, false),
                Arguments.of("a step that throttles", "503", Cause.OTHER, true, unforeseen, false),
                Arguments.of("a credential that does not hold", "401", Cause.CREDENTIALS, false,
                        new UnauthorizedException("x"), false),
                Arguments.of("the same with another code", "403", Cause.CREDENTIALS, false,
                        new CamelExecutionException("x", null, new UnauthorizedException("x")), false),
                Arguments.of("a token without a tenant", "2", Cause.OTHER, false, new IdentityMissingException("x"),
                        false),
                Arguments.of("a read that broke", "13", Cause.BROKEN, false, new ReadBrokenException("x"), false),
                Arguments.of("a store that is down", "13", Cause.UNREACHABLE, false, unforeseen, false),
                Arguments.of("a file that is not there", "13", Cause.NOT_FOUND, false, unforeseen, false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outcomes")
    void serviceIsToBlameForWhatTheContractDoesNotForesee(
            String name, String code, Cause cause, boolean ofOthers, Throwable failure, boolean expected) {
        assertThat(RecentDownloads.isOfService(code, cause, ofOthers, failure)).isEqualTo(expected);
    }
}
