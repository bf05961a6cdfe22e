package org.ccmessaging.filestream.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.support.Schedules;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of decision 0016, at their borders and at random. */
class PermitsTest {

    private static DownloadSettings settings(int most, int perSession, Integer perTenant) {
        return ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of(
                "filestream.download.max-in-flight", most, "filestream.download.max-in-flight-per-session", perSession,
                "filestream.download.max-in-flight-per-tenant", perTenant == null ? "" : perTenant));
    }

    private static Permits permits(int most, int perSession, Integer perTenant) {
        Permits permits = new Permits(settings(most, perSession, perTenant));
        permits.open();
        return permits;
    }

    private static Session session(String tenant, String user) {
        return new Session(tenant, "web", user, "app");
    }

    private static int takeAll(Permits permits, Session session) {
        int taken = 0;
        while (permits.acquire(session) == null) {
            taken++;
        }
        return taken;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "2, 2, 0", "3, 3, 0", "4, 3, 1", "5, 4, 1", "6, 5, 1", "7, 6, 1", "8, 6, 2", "9, 7, 2",
        "11, 9, 2", "12, 9, 3", "16, 12, 4", "100, 75, 25", "255, 192, 63", "256, 192, 64", "257, 193, 64",
        "10000, 7500, 2500"})
    void tenantAloneGetsThreeQuartersRoundedUpAndAnotherGetsTheRest(int most, int alone, int other) {
        Permits permits = permits(most, most, null);

        assertThat(takeAll(permits, session("one", "a"))).isEqualTo(alone);
        assertThat(permits.acquire(session("one", "b"))).isEqualTo(other == 0 ? Refusal.BUSY : Refusal.TENANT_SHARE);
        assertThat(takeAll(permits, session("two", "a"))).isEqualTo(other);
        assertThat(permits.acquire(session("three", "a"))).isEqualTo(Refusal.BUSY);
    }

    @Test
    void nobodyGetsAPermitBeforeTheStartAndWhileDraining() {
        Permits permits = permits(4, 16, null);
        AtomicInteger drained = new AtomicInteger();
        permits.acquire(session("one", "a"));
        permits.drain(drained::incrementAndGet);

        assertThat(permits.acquire(session("two", "a"))).isEqualTo(Refusal.DRAINING);
        assertThat(drained).hasValue(0);

        permits.release(session("one", "a"));
        assertThat(drained).hasValue(1);
        assertThat(permits).extracting("ofSessions", "ofTenants").containsExactly(Map.of(), Map.of());
        permits.drain(drained::incrementAndGet);
        assertThat(drained).as("with nothing in flight").hasValue(2);
    }

    /** A token with an incomplete customer gets code 2 in a later step. */
    @Test
    void sessionsWithoutATenantShareAsOneTenant() {
        Permits permits = permits(8, 2, null);

        assertThat(takeAll(permits, session(null, null))).isEqualTo(2);
        assertThat(takeAll(permits, session(null, "a"))).isEqualTo(2);
        permits.release(session(null, null));
        assertThat(permits.inFlight()).isEqualTo(3);
    }

    /** A second implementation of the rules, which counts in a list. */
    private static Refusal expected(List<Session> held, Session session, int most, int perSession, int perTenant) {
        long ofSession = held.stream().filter(session::equals).count();
        long ofTenant = held.stream().filter(holder -> holder.tenantId().equals(session.tenantId())).count();
        if (ofSession == perSession) {
            return Refusal.SESSION_LIMIT;
        }
        if (ofTenant == perTenant) {
            return Refusal.TENANT_LIMIT;
        }
        if (held.size() == most) {
            return Refusal.BUSY;
        }
        boolean inReserve = held.size() + 1 > Math.ceil(most * 0.75);
        return inReserve && ofTenant + 1 > Math.floor(most * 0.25) ? Refusal.TENANT_SHARE : null;
    }

    @Test
    void everyPermitIsGivenOrRefusedAsTheRulesSay() {
        Random random = new Random(1);
        for (int run = 0; run < 160; run++) {
            int most = 1 + random.nextInt(40);
            int perSession = 1 + random.nextInt(20);
            int perTenant = 1 + random.nextInt(most);
            Permits permits = permits(most, perSession, perTenant);
            int limitOfTenant = perTenant == most ? Integer.MAX_VALUE : perTenant;
            List<Session> held = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                if (!held.isEmpty() && random.nextInt(5) < 2) {
                    permits.release(held.remove(random.nextInt(held.size())));
                } else {
                    Session session = new Session("tenant-" + random.nextInt(5), "channel-" + random.nextInt(2),
                            "user-" + random.nextInt(2), "app-" + random.nextInt(2));
                    Refusal refusal = permits.acquire(session);
                    assertThat(refusal).isEqualTo(expected(held, session, most, perSession, limitOfTenant));
                    if (refusal == null) {
                        held.add(session);
                    }
                }
                assertThat(permits.inFlight()).isEqualTo(held.size());
            }
            held.forEach(permits::release);
            assertThat(permits.inFlight()).isZero();
            assertThat(permits).extracting("ofSessions", "ofTenants").containsExactly(Map.of(), Map.of());
        }
    }

    @Test
    @Tag("schedules")
    void permitsReturnAndDrainingEndsOnceInEverySchedule() {
        DownloadSettings settings = settings(4, 1, null);
        Session session = session("one", "a");
        Schedules.explore(() -> {
            Permits permits = new Permits(settings);
            permits.open();
            AtomicInteger held = new AtomicInteger();
            AtomicInteger drained = new AtomicInteger();
            Schedules.Work download = () -> {
                if (permits.acquire(session) == null) {
                    Schedules.require(held.incrementAndGet() == 1, "the session has one permit");
                    held.decrementAndGet();
                    permits.release(session);
                }
            };
            Schedules.together(download, download, () -> permits.drain(drained::incrementAndGet));
            Schedules.require(permits.inFlight() == 0 && drained.get() == 1, "drained");
        });
    }
}
