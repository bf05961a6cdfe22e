package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestThreadsTest {

    private final RequestThreads threads = new RequestThreads(RequestThreads.platformThreads("test-"), 2);

    @Test
    void allRequestsRunAndNeverMoreThanTheLimitAtTheSameTime() throws Exception {
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
        for (int i = 0; i < 20_000; i++) {
            CountDownLatch done = new CountDownLatch(3);
            for (int request = 0; request < 3; request++) {
                threads.execute(done::countDown);
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).as("round %d", i).isTrue();
        }
    }
}
