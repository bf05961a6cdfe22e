package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Outcome;
import org.ccmessaging.filestream.support.OwnThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.slf4j.MDC;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Platform threads write streamed responses for requests on virtual threads. */
class StreamedResponseThreadsTest {

    private static final Outcome WRITTEN = new Outcome("0", null);

    private final StreamedResponseThreads threads = new StreamedResponseThreads(true);
    private final AtomicReference<Thread> writer = new AtomicReference<>();

    /** Writes the body of a test. */
    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static MadeResponse.Body body(Writing writing) {
        return out -> {
            writing.to(out);
            return WRITTEN;
        };
    }

    private void write(StreamedResponseThreads by, Writing writing) throws IOException {
        Outcome outcome = by.write(body(out -> {
            writer.set(Thread.currentThread());
            writing.to(out);
        }), OutputStream.nullOutputStream());
        assertThat(outcome).isSameAs(WRITTEN);
    }

    @Test
    void platformThreadWritesWhereRequestsRunOnVirtualOnesAndTheRequestsOwnThreadOtherwise() throws Exception {
        write(threads, out -> { });
        assertThat(writer.get().getName()).startsWith("http-streamed-");
        assertThat(writer.get().isDaemon()).isTrue();

        write(new StreamedResponseThreads(false), out -> { });
        assertThat(writer).hasValue(Thread.currentThread());
    }

    /** Each platform thread has a slow client while this runs. */
    private void whileAllThreadsAreBusy(OwnThread.Work work) throws Exception {
        var busy = new CountDownLatch(StreamedResponseThreads.MOST_THREADS);
        var slowClients = new CompletableFuture<Void>();
        List<CompletableFuture<Void>> slow = new ArrayList<>();
        for (int i = 0; i < StreamedResponseThreads.MOST_THREADS; i++) {
            slow.add(OwnThread.run(() -> threads.write(body(out -> {
                busy.countDown();
                slowClients.join();
            }), OutputStream.nullOutputStream())));
        }
        try {
            busy.await();
            work.run();
        } finally {
            slowClients.complete(null);
            slow.forEach(CompletableFuture::join);
        }
    }

    @Test
    void requestWritesItselfWhileAllThreadsAreBusy() throws Exception {
        whileAllThreadsAreBusy(() -> {
            write(threads, out -> { });
            assertThat(writer).hasValue(Thread.currentThread());
        });
    }

    /** Their clients and the store are so fast that they never wait. Each processor has up to two carriers. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void responsesOnAllCarriersOfVirtualThreadsLetARequestBegin() throws Exception {
        var requests = new SimpleAsyncTaskExecutor();
        requests.setVirtualThreads(true);
        var other = new CompletableFuture<Void>();
        whileAllThreadsAreBusy(() -> {
            List<CompletableFuture<Void>> responses = new ArrayList<>();
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                responses.add(requests.submitCompletable(() -> {
                    threads.write(body(out -> {
                        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); !other.isDone()
                                && System.nanoTime() < end;) {
                            out.write(new byte[8]);
                        }
                    }), OutputStream.nullOutputStream());
                    assertThat(other).isDone();
                    return null;
                }));
            }
            requests.execute(() -> other.complete(null));
            responses.forEach(CompletableFuture::join);
        });
    }

    @Test
    void failureOfTheClientIsThrownAsItIsAndAnyOtherIsTheCause() {
        var gone = new IOException("connection reset");
        var failure = new IllegalStateException("broken");

        assertThatException().isThrownBy(() -> write(threads, out -> {
            throw gone;
        })).isSameAs(gone);
        assertThatException().isThrownBy(() -> write(threads, out -> {
            throw failure;
        })).withCause(failure);
    }

    /** Otherwise Tomcat would reuse the response while a thread still writes it. */
    @Test
    void interruptedRequestWaitsUntilItsResponseIsWritten() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CompletableFuture<Void>();
        var request = new AtomicReference<Thread>();
        var written = new AtomicReference<>(false);
        var outcome = new AtomicReference<String>();
        request.set(new Thread(() -> {
            try {
                write(threads, out -> {
                    started.countDown();
                    interrupted.join();
                    awaitEndOrNextWait(request.get());
                    written.set(true);
                });
                outcome.set("written " + written.get() + ", interrupted " + Thread.currentThread().isInterrupted());
            } catch (IOException gone) {
                throw new AssertionError(gone);
            }
        }));
        request.get().start();
        started.await();
        request.get().interrupt();
        interrupted.complete(null);
        request.get().join();

        assertThat(outcome).hasValue("written true, interrupted true");
    }

    /** Waits until a thread has noticed an interrupt and waits again, or has ended. */
    private static void awaitEndOrNextWait(Thread thread) {
        while (thread.isAlive() && (thread.isInterrupted() || thread.getState() != Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void logLinesKeepTheirTrace() throws Exception {
        var traces = new ArrayList<String>();
        MDC.put("trace.id", "one");
        try {
            write(threads, out -> traces.add(MDC.get("trace.id")));
            assertThat(MDC.get("trace.id")).isEqualTo("one");
        } finally {
            MDC.remove("trace.id");
        }
        write(threads, out -> traces.add(MDC.get("trace.id")));

        assertThat(traces).containsExactly("one", null);
    }
}
