package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.ccmessaging.filestream.response.StreamingBody;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Large answers are written by few threads of the system, and otherwise as if their requests' threads had done it. */
class LargeAnswersTest {

    private final LargeAnswers answers = new LargeAnswers(true);
    private final AtomicReference<Thread> writer = new AtomicReference<>();

    private void write(LargeAnswers by, StreamingBody body) throws IOException {
        by.write(out -> {
            writer.set(Thread.currentThread());
            body.writeTo(out);
        }, OutputStream.nullOutputStream());
    }

    @Test
    void anotherThreadWritesWhereRequestsRunOnVirtualOnes() throws Exception {
        var received = new ByteArrayOutputStream();
        answers.write(out -> {
            writer.set(Thread.currentThread());
            out.write(7);
        }, received);

        assertThat(received.toByteArray()).containsExactly(7);
        assertThat(writer.get().getName()).startsWith("http-large-");
        assertThat(writer.get().isDaemon()).isTrue();
    }

    @Test
    void requestsOnThreadsOfTheSystemWriteThemselves() throws Exception {
        write(new LargeAnswers(false), out -> { });

        assertThat(writer).hasValue(Thread.currentThread());
    }

    @Test
    void requestWritesItselfWhileAllThreadsAreBusy() throws Exception {
        var busy = new CountDownLatch(LargeAnswers.MOST_THREADS);
        var slowClients = new CompletableFuture<Void>();
        List<CompletableFuture<Void>> slow = new ArrayList<>();
        for (int i = 0; i < LargeAnswers.MOST_THREADS; i++) {
            slow.add(CompletableFuture.runAsync(() -> {
                try {
                    answers.write(out -> {
                        busy.countDown();
                        slowClients.join();
                    }, OutputStream.nullOutputStream());
                } catch (IOException gone) {
                    throw new AssertionError(gone);
                }
            }, task -> new Thread(task).start()));
        }
        try {
            busy.await();
            write(answers, out -> { });
            assertThat(writer).hasValue(Thread.currentThread());
        } finally {
            slowClients.complete(null);
            slow.forEach(CompletableFuture::join);
        }
    }

    @Test
    void clientThatIsGoneIsSaidAsItIs() {
        var gone = new IOException("connection reset");

        assertThatException().isThrownBy(() -> write(answers, out -> {
            throw gone;
        })).isSameAs(gone);
    }

    @Test
    void otherFailureIsTheCause() {
        var failure = new IllegalStateException("broken");

        assertThatException().isThrownBy(() -> write(answers, out -> {
            throw failure;
        })).withCause(failure);
    }

    /** Or the container would give the response to another request while it is still written to. */
    @Test
    void interruptedRequestWaitsUntilItsAnswerIsWritten() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new CompletableFuture<Void>();
        var request = new AtomicReference<Thread>();
        var written = new AtomicReference<>(false);
        var outcome = new AtomicReference<String>();
        request.set(new Thread(() -> {
            try {
                write(answers, out -> {
                    begun.countDown();
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
        begun.await();
        request.get().interrupt();
        interrupted.complete(null);
        request.get().join();

        assertThat(outcome).hasValue("written true, interrupted true");
    }

    /** Until a thread has taken notice of an interrupt, and waits again or is gone. */
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
            write(answers, out -> traces.add(MDC.get("trace.id")));
            assertThat(MDC.get("trace.id")).isEqualTo("one");
        } finally {
            MDC.remove("trace.id");
        }
        write(answers, out -> traces.add(MDC.get("trace.id")));

        assertThat(traces).containsExactly("one", null);
    }
}
