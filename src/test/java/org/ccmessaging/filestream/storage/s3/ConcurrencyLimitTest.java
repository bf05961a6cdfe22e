package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import org.ccmessaging.filestream.storage.s3.ConcurrencyLimit.Permit;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Schedules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit on modelled stores, in simulated time. A client sends its next request when it has its response. */
class ConcurrencyLimitTest {

    private static final int PROCESSORS = 2;
    private static final int MOST = 300;

    private final Model model = new Model();

    /** Of three GETs, one waits until another ends, or until it is late. */
    @Test
    @Tag("schedules")
    void permitsReturnInEverySchedule() {
        Schedules.explore(() -> {
            AtomicLong clock = new AtomicLong();
            ConcurrencyLimit limit = new ConcurrencyLimit(1, 2, clock::get);
            Schedules.Work get = () -> limit.release(limit.acquire(), true);
            Schedules.together(get, get, get, () -> {
                clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(ConcurrencyLimit.LONGEST_WAIT_MS));
                limit.releaseLate();
            });
            Schedules.require(limit.waiting() == 0, "nobody waits");
            for (int i = limit.limit(); i > 0; i--) {
                limit.acquire();
            }
        });
    }

    @Test
    void limitFallsAgainWhenTheStoreSlowsDown() throws Exception {
        model.run(200, 20_000, ofMilliseconds(30));
        assertThat(model.limit.limit()).isGreaterThan(100);

        model.run(200, 200_000, sharing(3_000));

        assertThat(model.limit.limit()).isBetween(2 * PROCESSORS, 32);
    }

    @ParameterizedTest
    @ValueSource(doubles = {30, 100, 400, 1_500, 2_500})
    void farOrSlowStoreGetsTheRequestsOfAllClients(double milliseconds) throws Exception {
        model.run(256, 5_000, ofMilliseconds(milliseconds));
        double perSecond = model.run(256, 50_000, ofMilliseconds(milliseconds));

        assertThat(perSecond).isGreaterThan(0.95 * 256 / (milliseconds / 1_000));
    }

    @Test
    void storeWithVaryingLatencyGetsTheRequestsOfAllClients() throws Exception {
        Random random = new Random(1);
        // Lognormal, median 20 ms, one in a hundred above 100 ms: what object stores look like from afar.
        IntToDoubleFunction varying = requests -> 0.020 * Math.exp(0.7 * random.nextGaussian());
        model.run(256, 20_000, varying);
        double perSecond = model.run(256, 100_000, varying);

        assertThat(perSecond).isGreaterThan(0.95 * 256 / (0.020 * Math.exp(0.7 * 0.7 / 2)));
    }

    @Test
    void storeThatBecomesSlowUnderSteadyLoadGetsTheRequestsOfAllClientsAgain() throws Exception {
        model.run(256, 20_000, ofMilliseconds(5));
        model.run(256, 50_000, ofMilliseconds(60));
        double perSecond = model.run(256, 50_000, ofMilliseconds(60));

        assertThat(perSecond).isGreaterThan(0.95 * 256 / 0.060);
    }

    @Test
    void storeWithRoomForSomeIsKeptBusy() throws Exception {
        // Sixteen disks, 10 ms an object.
        IntToDoubleFunction disks = requests -> 0.010 * Math.max(1, requests / 16.0);
        model.run(256, 20_000, disks);
        double perSecond = model.run(256, 100_000, disks);

        assertThat(perSecond).isGreaterThan(0.95 * 16 / 0.010);
        assertThat(model.limit.limit()).isLessThan(80);
    }

    @Test
    void limitIsNeverMoreThanTheConnections() throws Exception {
        model.run(1_000, 100_000, ofMilliseconds(30));

        assertThat(model.limit.limit()).isEqualTo(MOST);
    }

    private List<Permit> takeAll() throws InterruptedIOException {
        List<Permit> taken = new ArrayList<>();
        for (int i = 0; i < 2 * PROCESSORS; i++) {
            assertThat(model.limit.hasRoom()).isTrue();
            taken.add(model.limit.acquire());
        }
        return taken;
    }

    /** Takes all free permits, and returns them after some milliseconds. */
    private int round(int millis, boolean succeeded) throws InterruptedIOException {
        List<Permit> taken = new ArrayList<>();
        while (model.limit.hasRoom()) {
            taken.add(model.limit.acquire());
        }
        model.now += TimeUnit.MILLISECONDS.toNanos(millis);
        taken.forEach(permit -> model.limit.release(permit, succeeded));
        return taken.size();
    }

    private void rounds(int number, int millis, int requests) throws InterruptedIOException {
        for (int i = 0; i < number; i++) {
            assertThat(round(millis, true)).as("round %d of %d ms", i, millis).isEqualTo(requests);
        }
    }

    @Test
    void limitHoldsRequestsBackForEightResponsesAndThenFollowsTheirTime() throws Exception {
        rounds(8, 2, 4);
        rounds(4, 1, PROCESSORS);
        rounds(8, 3, 4);
        assertThat(model.limit.limit()).as("three times as long is no queue").isEqualTo(5);

        rounds(7, 4, 5);
        assertThat(model.limit.limit()).isEqualTo(4);
        rounds(8, 2, 4);
        assertThat(model.limit.limit()).isEqualTo(5);
        model.now += TimeUnit.SECONDS.toNanos(5);
        rounds(6, 3, 5);
        assertThat(round(1_000, false)).as("held back again").isEqualTo(PROCESSORS);
        assertThat(round(1, false)).as("not longer than a second").isEqualTo(PROCESSORS);
        assertThat(round(1, true)).isEqualTo(5);
    }

    @Test
    void failuresSayNothingAboutTheStore() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            List<Permit> permits = takeAll();
            model.now += TimeUnit.MICROSECONDS.toNanos(i);
            for (Permit permit : permits) {
                model.limit.release(permit, false);
            }
        }

        assertThat(model.limit.limit()).isEqualTo(2 * PROCESSORS);
        assertThat(model.limit.hasRoom()).isTrue();
    }

    @Test
    void requestToAStoreThatHangsIsSentAfterTheLongestWait() throws Exception {
        takeAll();
        assertThat(model.limit.hasRoom()).isFalse();

        CompletableFuture<Permit> late = OwnThread.supply(model.limit::acquire);
        await().until(() -> model.limit.waiting() == 1);
        model.now += TimeUnit.MILLISECONDS.toNanos(ConcurrencyLimit.LONGEST_WAIT_MS) - 1;
        model.limit.releaseLate();
        assertThat(model.limit.waiting()).isEqualTo(1);

        model.now++;
        model.limit.releaseLate();

        assertThat(late.get().counted()).isFalse();
        assertThat(model.limit.limit()).isEqualTo(4 * PROCESSORS);
        model.limit.release(late.get(), false);
        assertThat(model.limit.hasRoom()).isTrue();
    }

    @Test
    void requestsWaitInTheOrderOfTheirArrival() throws Exception {
        List<Permit> inFlight = takeAll();
        List<Integer> order = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            waiting.add(OwnThread.run(() -> {
                Permit permit = model.limit.acquire();
                order.add(number);
                model.limit.release(permit, true);
            }));
            await().until(() -> model.limit.waiting() == number + 1);
        }

        model.limit.release(inFlight.get(0), true);
        waiting.forEach(CompletableFuture::join);

        assertThat(order).containsExactly(0, 1, 2);
        inFlight.stream().skip(1).forEach(permit -> model.limit.release(permit, true));
        assertThat(round(1, true)).isEqualTo(2 * PROCESSORS);
    }

    @Test
    void interruptedWaitTakesNoPermit() throws Exception {
        List<Permit> inFlight = takeAll();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(model.limit::acquire);
        assertThat(Thread.interrupted()).isTrue();

        inFlight.forEach(permit -> model.limit.release(permit, true));
        takeAll();
    }

    private static IntToDoubleFunction ofMilliseconds(double milliseconds) {
        return requests -> milliseconds / 1_000;
    }

    /** Requests share the capacity of the store or the host. */
    private static IntToDoubleFunction sharing(double perSecond) {
        return requests -> requests / perSecond;
    }

    /** Discrete events: each request ends after the seconds that the store takes for so many at a time. */
    private static final class Model {

        private record Response(long at, Permit permit) {
        }

        private long now = 42;
        private final ConcurrencyLimit limit = new ConcurrencyLimit(PROCESSORS, MOST, () -> now);

        /** @return responses a second */
        double run(int clients, int requests, IntToDoubleFunction seconds) throws InterruptedIOException {
            PriorityQueue<Response> inFlight = new PriorityQueue<>(Comparator.comparingLong(Response::at));
            long start = now;
            for (int responses = 0; responses < requests; responses++) {
                while (inFlight.size() < clients && limit.hasRoom()) {
                    Permit permit = limit.acquire();
                    double took = seconds.applyAsDouble(inFlight.size() + 1);
                    inFlight.add(new Response(now + (long) (took * 1e9), permit));
                }
                Response next = inFlight.remove();
                now = next.at();
                limit.release(next.permit(), true);
            }
            while (!inFlight.isEmpty()) {
                limit.release(inFlight.remove().permit(), true);
            }
            return requests / ((now - start) / 1e9);
        }
    }
}
