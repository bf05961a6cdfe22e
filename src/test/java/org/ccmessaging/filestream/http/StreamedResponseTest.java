package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccmessaging.filestream.response.Outcome;
import org.ccmessaging.filestream.support.OwnThread;
import org.junit.jupiter.api.Test;

/** Platform threads write streamed responses for requests on virtual threads. */
class StreamedResponseTest {

    private static final Outcome WRITTEN = new Outcome("0", null);
    private static final Executor THREADS = RequestThreads.platformThreads("http-streamed-");

    /** Writes the body of a test. */
    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private static void write(Writing writing) throws IOException {
        Outcome outcome = HttpResponses.write(out -> {
            writing.to(out);
            return WRITTEN;
        }, OutputStream.nullOutputStream(), THREADS);
        assertThat(outcome).isSameAs(WRITTEN);
    }

    @Test
    void failureOfTheClientIsThrownAsItIsAndAnyOtherIsTheCause() {
        var gone = new IOException("connection reset");
        var failure = new IllegalStateException("broken");

        assertThatException().isThrownBy(() -> write(out -> {
            throw gone;
        })).isSameAs(gone);
        assertThatException().isThrownBy(() -> write(out -> {
            throw failure;
        })).withCause(failure);
    }

    /** Otherwise Tomcat would reuse the response while a thread still writes it. */
    @Test
    void interruptedRequestWaitsUntilItsResponseIsWritten() throws Exception {
        var request = new CompletableFuture<Thread>();
        var interrupted = new CompletableFuture<Void>();
        var written = new AtomicBoolean();
        CompletableFuture<String> outcome = OwnThread.supply(() -> {
            Thread requestThread = Thread.currentThread();
            write(out -> {
                request.complete(requestThread);
                interrupted.join();
                awaitEndOrNextWait(requestThread);
                written.set(true);
            });
            return "written " + written + ", interrupted " + requestThread.isInterrupted();
        });
        request.join().interrupt();
        interrupted.complete(null);

        assertThat(outcome.join()).isEqualTo("written true, interrupted true");
    }

    /** Waits until a thread has noticed an interrupt and waits again, or has ended. */
    private static void awaitEndOrNextWait(Thread thread) {
        while (thread.isAlive() && (thread.isInterrupted() || thread.getState() != Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
    }
}
