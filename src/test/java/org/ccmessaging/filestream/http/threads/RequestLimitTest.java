package org.ccmessaging.filestream.http.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestLimitTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void allRequestsRunAndNeverMoreThanTheLimitAtTheSameTime() throws Exception {
        RequestLimit limit = new RequestLimit(threads, 3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            limit.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.yield();
                running.decrementAndGet();
                all.countDown();
            });
        }

        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void requestThatFailsLetsTheNextOnePass() throws Exception {
        RequestLimit limit = new RequestLimit(threads, 1);
        CountDownLatch next = new CountDownLatch(1);
        AtomicInteger failed = new AtomicInteger();
        limit.execute(() -> {
            failed.incrementAndGet();
            // The thread's own handler would print it.
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> { });
            throw new IllegalStateException();
        });
        limit.execute(next::countDown);

        assertThat(next.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(failed.get()).isEqualTo(1);
    }

    @Test
    void requestThatCannotStartTakesNoPlace() {
        AtomicInteger tried = new AtomicInteger();
        RequestLimit limit = new RequestLimit(task -> {
            tried.incrementAndGet();
            throw new RejectedExecutionException("stopped");
        }, 1);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> limit.execute(() -> { })).isInstanceOf(RejectedExecutionException.class);
        }
        assertThat(tried.get()).isEqualTo(2);
    }
}
