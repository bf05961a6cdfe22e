package org.ccmessaging.filestream.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import java.time.Duration;
import java.util.List;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.support.HandClock;
import org.junit.jupiter.api.Test;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.unit.DataSize;

/** Rates of tenants and apps, by a clock that the test sets. */
class RatesTest {

    private static final Session SESSION = new Session("tenant", "web", "alice", "app");
    private static final Session OTHER_TENANT = new Session("other", "web", "alice", "app");
    private static final Session OTHER_APP = new Session("tenant", "web", "alice", "other-app");

    private final HandClock clock = new HandClock();

    private Rates rates(Integer tenantRequests, DataSize tenantBytes, Integer appRequests, DataSize appBytes) {
        return new Rates(new DownloadSettings.Rate(tenantRequests, tenantBytes, appRequests, appBytes,
                Duration.ofSeconds(2)), clock);
    }

    private static long holders(Rates rates) {
        return ((List<?>) ReflectionTestUtils.getField(rates, "rates")).stream()
                .map(rate -> (Cache<?, ?>) ReflectionTestUtils.getField(rate, "buckets"))
                .peek(Cache::cleanUp).mapToLong(Cache::estimatedSize).sum();
    }

    @Test
    void withoutARateNothingIsRefusedOrRemembered() {
        Rates rates = rates(null, null, null, null);

        for (int i = 0; i < 10_000; i++) {
            rates.countRequest(SESSION);
            rates.countBytes(SESSION, 1_000_000_000);
        }

        assertThat(rates.refusal(SESSION)).isNull();
        assertThat(rates.limitBytes()).isFalse();
        assertThat(holders(rates)).isZero();
    }

    @Test
    void requestsAboveTheBurstAreRefusedUntilTimeHasPassed() {
        Rates rates = rates(10, null, null, null);
        for (int i = 0; i < 20; i++) {
            assertThat(rates.refusal(SESSION)).isNull();
            rates.countRequest(SESSION);
        }

        assertThat(rates.limitBytes()).isFalse();
        assertThat(rates.refusal(SESSION)).isEqualTo(Refusal.TENANT_REQUESTS);
        assertThat(rates.refusal(OTHER_APP)).isEqualTo(Refusal.TENANT_REQUESTS);
        assertThat(rates.refusal(OTHER_TENANT)).isNull();

        clock.advance(Duration.ofMillis(99));
        assertThat(rates.refusal(SESSION)).isEqualTo(Refusal.TENANT_REQUESTS);
        clock.advance(Duration.ofMillis(1));
        assertThat(rates.refusal(SESSION)).isNull();
    }

    @Test
    void bytesAboveTheBurstAreADebtThatIsPaidByTheRate() {
        Rates rates = rates(null, DataSize.ofBytes(1_000_000), null, null);
        assertThat(rates.limitBytes()).isTrue();

        rates.countBytes(SESSION, 1_999_999);
        assertThat(rates.refusal(SESSION)).isNull();
        rates.countBytes(SESSION, 10_000_001);
        assertThat(rates.refusal(SESSION)).isEqualTo(Refusal.TENANT_BYTES);
        assertThat(rates.refusal(OTHER_TENANT)).isNull();
        assertThat(rates.secondsUntilWithin(SESSION)).isEqualTo(11);
        assertThat(rates.secondsUntilWithin(OTHER_TENANT)).isEqualTo(1);

        clock.advance(Duration.ofMillis(8_500));
        assertThat(rates.secondsUntilWithin(SESSION)).isEqualTo(2);
        clock.advance(Duration.ofNanos(500_001_000));
        assertThat(rates.secondsUntilWithin(SESSION)).as("exactly a second").isEqualTo(1);
        clock.advance(Duration.ofNanos(999_999_000));
        assertThat(rates.refusal(SESSION)).isEqualTo(Refusal.TENANT_BYTES);
        assertThat(rates.secondsUntilWithin(SESSION)).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(rates.refusal(SESSION)).isNull();
    }

    @Test
    void appHasItsRatesWhateverItsTenantsAre() {
        Rates requests = rates(null, null, 1, null);
        requests.countRequest(SESSION);
        requests.countRequest(OTHER_TENANT);
        Rates bytes = rates(null, null, null, DataSize.ofKilobytes(1));
        bytes.countBytes(SESSION, 1_024);
        bytes.countBytes(OTHER_TENANT, 1_024);

        assertThat(requests.refusal(SESSION)).isEqualTo(Refusal.APP_REQUESTS);
        assertThat(bytes.refusal(SESSION)).isEqualTo(Refusal.APP_BYTES);
        assertThat(requests.refusal(OTHER_APP)).isNull();
        assertThat(bytes.refusal(OTHER_APP)).isNull();
    }

    @Test
    void meanOfAnHourIsTheRate() {
        Rates rates = rates(7, null, null, null);
        int admitted = 0;
        for (int millisecond = 0; millisecond < 3_600_000; millisecond += 20) {
            if (rates.refusal(SESSION) == null) {
                rates.countRequest(SESSION);
                admitted++;
            }
            clock.advance(Duration.ofMillis(20));
        }

        assertThat(admitted).isBetween(7 * 3_600, 7 * 3_600 + 15);
    }

    @Test
    void holderIsForgottenWhenItsBucketIsFullAgainAndNotBefore() {
        Rates rates = rates(10, DataSize.ofKilobytes(1), null, null);
        rates.countRequest(SESSION);
        rates.countBytes(SESSION, 60 * 1_024);
        assertThat(holders(rates)).isEqualTo(2);

        // The cache looks for what has expired once in about a second.
        clock.advance(Duration.ofMillis(3_000));
        assertThat(holders(rates)).isEqualTo(1);
        clock.advance(Duration.ofMillis(54_900));
        assertThat(rates.refusal(SESSION)).isEqualTo(Refusal.TENANT_BYTES);
        clock.advance(Duration.ofMillis(200));
        assertThat(rates.refusal(SESSION)).isNull();
        assertThat(holders(rates)).isEqualTo(1);

        clock.advance(Duration.ofMillis(4_000));
        assertThat(holders(rates)).isZero();
    }

    @Test
    void numberOfHoldersHasABound() {
        Rates rates = rates(1, null, null, null);
        for (int i = 0; i < 30_000; i++) {
            rates.countRequest(new Session("tenant-" + i, "web", "alice", "app"));
        }

        assertThat(holders(rates)).isLessThanOrEqualTo(10_000);
    }

    @Test
    void largestRateAndDebtDoNotOverflow() {
        Rates rates = rates(1_000_000, DataSize.ofMegabytes(900), null, null);
        for (int i = 0; i < 1_000; i++) {
            rates.countBytes(SESSION, 1L << 40);
        }

        assertThat(rates.refusal(SESSION)).isEqualTo(Refusal.TENANT_BYTES);
        clock.advance(Duration.ofDays(14));
        assertThat(rates.refusal(SESSION)).isNull();
    }

    @Test
    void sessionWithoutATenantOrAnAppHasARateToo() {
        Rates rates = rates(1, null, 1, null);
        Session nobody = new Session(null, null, null, null);
        rates.countRequest(nobody);
        rates.countRequest(nobody);

        assertThat(rates.refusal(nobody)).isEqualTo(Refusal.TENANT_REQUESTS);
    }
}
