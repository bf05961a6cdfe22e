package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Outcome;
import org.ccmessaging.filestream.support.OwnThread;
import org.junit.jupiter.api.Test;

/** Platform threads write streamed responses for requests on virtual threads. */
class StreamedResponseTest {

    private static final Outcome WRITTEN = new Outcome("0", null);
    private static final Executor THREADS = RequestThreads.platformThreads("http-streamed-");

    private static Outcome write(MadeResponse.WritableBody body) throws IOException {
        return HttpResponses.write(body, OutputStream.nullOutputStream(), THREADS);
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
        CompletableFuture<Outcome> outcome = OwnThread.supply(() -> {
            Thread requestThread = Thread.currentThread();
            Outcome returned = write(out -> {
                request.complete(requestThread);
                interrupted.join();
                // Until the request has noticed the interrupt and waits again, or has ended.
                while (requestThread.isAlive() && (requestThread.isInterrupted()
                        || requestThread.getState() != Thread.State.WAITING)) {
                    Thread.onSpinWait();
                }
                written.set(true);
                return WRITTEN;
            });
            assertThat(written).isTrue();
            assertThat(requestThread.isInterrupted()).isTrue();
            return returned;
        });
        request.join().interrupt();
        interrupted.complete(null);

        assertThat(outcome.join()).isSameAs(WRITTEN);
    }
}
