package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.reload.Canary.Counted;
import org.ccmessaging.filestream.reload.Canary.Decision;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts on a canary, by what happens to sessions on both sides. */
class CanaryTest {

    private static final Duration WATCH = Duration.ofMinutes(1);

    private long now = 42;
    private final Canary.Counts counts = new Canary.Counts();
    private Canary canary = canary(10);
    private long sessions;

    private Canary canary(int percent) {
        return new Canary(new Served(2, "", Instant.EPOCH, "test", null, null, null, null, null,
                Map.of()), percent, WATCH, counts,
                () -> now, new Random(7));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** A download of another session. */
    private void download(boolean isOnCanary, String app, String file, Ending ending, Cause cause, Duration waited) {
        counts.count(2, new Counted(sessions++, isOnCanary, app, "tenant of " + app, file, ending, cause,
                waited.toNanos(), waited.toNanos()));
    }

    private void fail(int number, boolean isOnCanary, String app) {
        for (int i = 0; i < number; i++) {
            download(isOnCanary, app, "a.txt", Ending.FAILED, Cause.OTHER, Duration.ZERO);
        }
    }

    private void serve(boolean isOnCanary, String app, String file) {
        download(isOnCanary, app, file, Ending.SERVED, Cause.NONE, Duration.ZERO);
    }

    private void refuse(int number, boolean isOnCanary, String app, Cause cause) {
        for (int i = 0; i < number; i++) {
            download(isOnCanary, app, "a.txt", Ending.REFUSED, cause, Duration.ZERO);
        }
    }

    private void late(int number, boolean isOnCanary, String app) {
        for (int i = 0; i < number; i++) {
            download(isOnCanary, app, "a.txt", Ending.SERVED, Cause.NONE, Duration.ofMillis(1_001));
        }
    }

    private Decision decision() {
        return canary.verdict().decision();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing happened                                     |    0 |    0 | 10 | WATCH
            four sessions are too few                            |    4 |    0 | 10 | WATCH
            five sessions, and none of nine times as many others |    5 |    0 | 10 | ROLL_BACK
            the share of the canary                              |   10 |   90 | 10 | WATCH
            the share of the canary of very many                 |  100 |  899 | 10 | WATCH
            twice the share of a hundred                         |   20 |   80 | 10 | WATCH
            three times the share of a hundred                   |   30 |   70 | 10 | ROLL_BACK
            two thirds more of very many                         |  166 |  833 | 10 | ROLL_BACK
            a store that is down for all, and the edit fails all |  100 |  100 | 10 | ROLL_BACK
            only the others fail                                 |    0 |  500 | 10 | WATCH
            half of the sessions, and one of many others         |   18 |    0 | 50 | ROLL_BACK
            half of the sessions, a few                          |   10 |    0 | 50 | WATCH
            one of a hundred, three sessions                     |    3 |    0 |  1 | ROLL_BACK
            one of a hundred, two sessions                       |    2 |    0 |  1 | WATCH
            """)
    void shareOfTheSessionsWithFailuresDecidesWhereOneAppDownloads(
            String name, int onCanary, int onOthers, int percent, Decision expected) {
        canary = canary(percent);

        fail(onOthers, false, "app");
        fail(onCanary, true, "app");

        assertThat(decision()).isEqualTo(expected);
    }

    /** Looks after each failing session, 500 of each of the three kinds of harm a canary. */
    @Test
    @Tag("slow")
    void harmlessEditIsRolledBackAtMostOnceInTenThousandCanariesHoweverOftenTheServiceLooks() {
        double[][] known = new double[501][501];
        Random chance = new Random(39);
        int rolledBack = 0;
        for (int i = 0; i < 100_000; i++) {
            boolean isRolledBack = false;
            for (int kind = 0; kind < 3 && !isRolledBack; kind++) {
                int onCanary = 0;
                for (int seen = 1; seen <= 500 && !isRolledBack; seen++) {
                    onCanary += chance.nextInt(100) < 10 ? 1 : 0;
                    int onOthers = seen - onCanary;
                    if (known[onCanary][onOthers] == 0) {
                        known[onCanary][onOthers] = HarmedSessions.logRatio(onCanary, onOthers, 0.1);
                    }
                    isRolledBack = known[onCanary][onOthers] >= HarmedSessions.PROOF;
                }
            }
            rolledBack += isRolledBack ? 1 : 0;
        }
        assertThat(rolledBack).isLessThanOrEqualTo(10);
    }

    /** The evidence exceeds a hundred for at most one harmless edit in a hundred. An app that lies changes nothing. */
    @ParameterizedTest(name = "{0} apps, one of them lies: {1}")
    @Tag("slow")
    @CsvSource({"1, false", "2, false", "10, false", "30, false", "2, true", "10, true"})
    void boundHoldsForAnyNumberOfAppsAndWhateverOneOfThemDoes(int apps, boolean lies) {
        Random chance = new Random(46);
        int convinced = 0;
        for (int i = 0; i < 400; i++) {
            HarmedSessions sessions = new HarmedSessions(0.1);
            double most = 0;
            for (int session = 0; session < 60; session++) {
                String app = "app " + chance.nextInt(apps);
                boolean isOnCanary = chance.nextInt(100) < 10;
                // The liar sees the verdict and adds what helps most.
                if (lies && app.equals("app 0")) {
                    isOnCanary = session < 30;
                }
                sessions.add(session, isOnCanary, app, "tenant of " + app);
                most = Math.max(most, sessions.evidence(apps > 1, apps > 1));
            }
            convinced += most >= Math.log(100) ? 1 : 0;
        }
        assertThat(convinced).isLessThanOrEqualTo(4);
    }

    /** Returns the number of harmed sessions of the canary until it is rolled back. */
    private int harmUntilRolledBack(IntUnaryOperator appOfSession, int noisePercent) {
        Random chance = new Random(3);
        for (int session = 0, harmed = 0; session < 10_000; session++) {
            String app = "app " + appOfSession.applyAsInt(session);
            boolean isOnCanary = chance.nextInt(100) < 10;
            boolean fails = isOnCanary || chance.nextInt(100) < noisePercent;
            if (fails) {
                fail(1, isOnCanary, app);
            } else {
                serve(false, app, "a.txt");
            }
            harmed += isOnCanary ? 1 : 0;
            if (decision() == Decision.ROLL_BACK) {
                return harmed;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void editThatFailsEachSessionIsRolledBackAfterFiveToNineOfThemHoweverManyAppsThereAre() {
        assertThat(harmUntilRolledBack(session -> 0, 0)).as("one app").isEqualTo(5);
        canary = canary(10);
        assertThat(harmUntilRolledBack(session -> session % 10, 0)).as("ten apps").isLessThanOrEqualTo(9);
        canary = canary(10);
        assertThat(harmUntilRolledBack(session -> session % 97, 0)).as("many apps").isLessThanOrEqualTo(7);
        canary = canary(10);
        assertThat(harmUntilRolledBack(session -> session % 10, 1)).as("one of a hundred fails anyway")
                .isLessThanOrEqualTo(9);
        canary = canary(10);
        assertThat(harmUntilRolledBack(session -> session % 10, 10)).as("a tenth fails anyway")
                .isLessThanOrEqualTo(40);
    }

    @Test
    void oneAppThatHarmsItselfOnTheCanaryRollsNothingBack() {
        serve(true, "honest", "a.txt");
        serve(false, "honest", "a.txt");

        fail(400, true, "attacker");
        pass(WATCH.plusMillis(1));

        assertThat(canary.verdict().decision()).isEqualTo(Decision.WATCH);
        assertThat(canary.verdict().text()).startsWith("It waits for `routes promote` or another edit: 400 of the"
                + " sessions with generation 2 failed").contains("most of them of one app or tenant");
    }

    @Test
    void appThatHarmsItselfDecidesNotEvenWhenOthersFailOnBothSides() {
        fail(10, false, "honest");
        fail(1, true, "honest");

        fail(100, true, "attacker");

        assertThat(decision()).isEqualTo(Decision.WATCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 19})
    void mendOfRoutesThatHarmOthersIsNotRolledBackByAnAppThatHarmsItselfOnTheCanary(int honestApps) {
        for (int i = 0; i < 190; i++) {
            fail(1, false, "honest " + i % honestApps);
        }
        fail(400, true, "attacker");

        assertThat(decision()).isEqualTo(Decision.WATCH);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "1, 19", "30, 2", "30, 19"})
    void oneTenantThatHarmsItselfOnTheOtherSideHidesNoBadEdit(int appsOfAttacker, int honestApps) {
        for (int i = 0; i < 19; i++) {
            serve(false, "honest " + i % honestApps, "a.txt");
        }
        for (int i = 0; i < 900; i++) {
            counts.count(2, new Counted(sessions++, false, "attacker " + i % appsOfAttacker, "attacker", "a.txt",
                    Ending.FAILED, Cause.OTHER, 0, 0));
        }
        for (int i = 0; i < 19; i++) {
            fail(1, true, "honest " + i % honestApps);
        }

        assertThat(decision()).isEqualTo(Decision.ROLL_BACK);
    }

    /** From outside, this is the same as an edit that mends the routes for the app, beside an attacker. */
    @Test
    void appThatFailsOnTheCanaryAloneBesideOneThatFailsOnTheOtherSideAloneDelaysThePromotion() {
        serve(true, "one", "a.txt");
        fail(19, true, "one");
        fail(400, false, "another");
        pass(WATCH.plusMillis(1));

        assertThat(decision()).isEqualTo(Decision.WATCH);
    }

    @Test
    void sessionCountsOnceHoweverOftenItFails() {
        for (int i = 0; i < 30; i++) {
            sessions = 1;
            fail(1, true, "app");
        }

        assertThat(decision()).isEqualTo(Decision.WATCH);
        assertThat(canary.state()).contains("1 of the sessions with generation 2 failed (30 downloads)");
    }

    @Test
    void downloadThatEnteredBeforeTheCanaryOrAfterItDoesNotCount() {
        Counted failed = new Counted(1, true, "app", "tenant", null, Ending.FAILED, Cause.OTHER, 0, 0);
        counts.count(1, failed);
        assertThat(canary.state()).contains("(0 downloads), and 0 of the others (0 downloads)");
        canary.end();
        counts.count(2, failed);

        assertThat(canary.state()).contains("(0 downloads), and 0 of the others (0 downloads)");
    }

    /** Otherwise one app would end the comparison of all. */
    @Test
    void appFillsNoMoreThanATenthOfTheSessionsThatCount() {
        fail(1_100, false, "app");
        fail(1, true, "app");
        fail(7, true, "another");

        assertThat(canary.state()).contains("7 of the sessions with generation 2 failed")
                .contains("and 1000 of the others");
    }

    @Test
    void fileThatTheActiveGenerationHasNotServedIsNotMissing() {
        refuse(400, true, "app", Cause.NOT_FOUND);
        assertThat(decision()).isEqualTo(Decision.WATCH);

        serve(false, "app", "a.txt");
        refuse(5, true, "app", Cause.NOT_FOUND);

        assertThat(decision()).isEqualTo(Decision.ROLL_BACK);
        assertThat(canary.verdict().text()).startsWith("5 of the sessions with generation 2 did not find a file that"
                + " the active generation serves");
    }

    @Test
    void lateFirstBytesOfTheFirstSecondsDoNotCount() {
        late(20, true, "app");
        pass(Duration.ofSeconds(6));
        late(20, true, "app");
        assertThat(decision()).isEqualTo(Decision.WATCH);

        pass(Duration.ofSeconds(2));
        late(5, true, "app");

        assertThat(decision()).isEqualTo(Decision.ROLL_BACK);
    }

    @Test
    void harmlessCanaryIsPromotedAfterTheWatch() {
        serve(true, "app", "a.txt");
        pass(WATCH.minusMillis(1));
        assertThat(canary.verdict().text()).isEqualTo("If it does no harm, the others get it in 1 s.");

        pass(Duration.ofMillis(1));

        assertThat(decision()).isEqualTo(Decision.PROMOTE);
    }

    @Test
    void canaryWithoutADownloadThatGotItsFileWaits() {
        serve(false, "app", "a.txt");
        refuse(2, true, "app", Cause.NOT_FOUND);
        pass(WATCH.multipliedBy(10));
        assertThat(decision()).isEqualTo(Decision.WATCH);
        assertThat(canary.state()).endsWith("no download of generation 2 got its file yet.");

        serve(true, "app", "a.txt");

        assertThat(decision()).isEqualTo(Decision.PROMOTE);
    }

    @ParameterizedTest
    @EnumSource(value = Ending.class, names = {"BUSY", "REFUSED", "STRANGER"})
    void canaryThatRefusesSessionsWaitsForAnOperatorHoweverManyItServes(Ending ending) {
        for (int i = 0; i < 100; i++) {
            serve(true, "app", "a.txt");
        }
        for (int i = 0; i < 3; i++) {
            download(true, "app", "b.txt", ending, Cause.OTHER, Duration.ZERO);
        }
        assertThat(decision()).isEqualTo(Decision.WATCH);
        pass(WATCH.multipliedBy(10));

        assertThat(decision()).isEqualTo(Decision.WATCH);
        assertThat(canary.state()).contains("It waits for `routes promote` or another edit: 3 of the sessions with"
                + " generation 2 were refused");
    }

    @Test
    void refusalsOfBothSidesDelayNothing() {
        serve(true, "app", "a.txt");
        refuse(3, true, "app", Cause.OTHER);
        refuse(30, false, "app", Cause.OTHER);
        pass(WATCH);

        assertThat(decision()).isEqualTo(Decision.PROMOTE);
    }
}
