package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RequestThreadsTest {

    private static final int BURST = 20;

    @AutoClose("shutdownNow")
    private final ThreadPoolExecutor pool = RequestThreads.platformThreads("http-exec-", Integer.MAX_VALUE);
    private RequestThreads threads;

    @Test
    void afterABurstTheSameFewThreadsTakeAllRequests() throws Exception {
        threads = new RequestThreads(pool, BURST);
        CyclicBarrier together = new CyclicBarrier(BURST + 1);
        for (int i = 0; i < BURST; i++) {
            threads.execute(new FutureTask<>(together::await));
        }
        together.await(30, TimeUnit.SECONDS);
        assertThat(pool.getPoolSize()).isEqualTo(BURST);
        // One that comes back late takes the next request.
        await().until(() -> pool.getActiveCount() == 0);

        Set<Thread> used = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 20 * BURST; i++) {
            FutureTask<Boolean> request = new FutureTask<>(() -> used.add(Thread.currentThread()));
            threads.execute(request);
            request.get(30, TimeUnit.SECONDS);
        }

        assertThat(used).hasSizeLessThan(BURST / 2);
    }

    @Test
    void allRequestsRunAndNeverMoreThanTheLimitAtTheSameTime() throws Exception {
        threads = new RequestThreads(pool, 2);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            threads.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.yield();
                running.decrementAndGet();
                done.countDown();
            });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(most.get()).isBetween(1, 2);
    }

    /** After the third request no other one comes that could start it. */
    @Test
    void requestThatFindsNoFreeThreadRunsWithoutTheHelpOfAnother() throws Exception {
        threads = new RequestThreads(pool, 2);
        for (int i = 0; i < 20_000; i++) {
            CountDownLatch done = new CountDownLatch(3);
            for (int request = 0; request < 3; request++) {
                threads.execute(done::countDown);
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).as("round %d", i).isTrue();
        }
    }

    @Test
    void requestThatFailsCostsNoThread() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        threads = new RequestThreads(pool, 1);
        ThreadFactory factory = pool.getThreadFactory();
        pool.setThreadFactory(work -> {
            Thread thread = factory.newThread(work);
            thread.setUncaughtExceptionHandler((failed, failure) -> told.add(failure.getMessage()));
            return thread;
        });
        CompletableFuture<Void> start = new CompletableFuture<>();
        CountDownLatch done = new CountDownLatch(1);
        threads.execute(() -> {
            start.join();
            throw new IllegalStateException("of the request that has the thread");
        });
        threads.execute(() -> {
            throw new IllegalStateException("of a request that waits");
        });
        threads.execute(done::countDown);

        start.complete(null);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder("of the request that has the thread",
                "of a request that waits"));
    }

    @Test
    void requestThatCannotStartTakesNoPermit() {
        AtomicInteger tried = new AtomicInteger();
        threads = new RequestThreads(task -> {
            tried.incrementAndGet();
            throw new RejectedExecutionException("stopped");
        }, 1);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> threads.execute(() -> { })).isInstanceOf(RejectedExecutionException.class);
        }
        assertThat(tried.get()).isEqualTo(2);
    }

    @Test
    void endIsAwaitedUntilNoRequestRunsOrWaits() throws Exception {
        threads = new RequestThreads(pool, 2);
        AtomicInteger ended = new AtomicInteger();
        CompletableFuture<Void> clients = new CompletableFuture<>();
        for (int i = 0; i < 5; i++) {
            threads.execute(() -> {
                clients.join();
                ended.incrementAndGet();
            });
        }
        threads.awaitEnd(Duration.ZERO);
        assertThat(ended).as("after the longest time").hasValue(0);

        clients.completeAsync(() -> null, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
        threads.awaitEnd(Duration.ofSeconds(30));

        assertThat(ended).hasValue(5);
    }

    @Test
    void virtualThreadsHaveTwoCarriersForEachProcessorUnlessTheOperatorSetsTheirNumber() {
        Properties system = new Properties();
        RequestThreads.addCarriers(system, 4);
        assertThat(system).hasSize(1).containsEntry("jdk.virtualThreadScheduler.parallelism", "8");

        system.setProperty(RequestThreads.CARRIERS, "3");
        RequestThreads.addCarriers(system, 4);
        assertThat(system).containsEntry(RequestThreads.CARRIERS, "3");
    }
}
