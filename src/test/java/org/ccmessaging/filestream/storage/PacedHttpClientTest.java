package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.ConcurrencyLimit.Turn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Which requests wait for their turn, and that each gives it back. */
class PacedHttpClientTest {

    private final List<SdkHttpMethod> asked = new ArrayList<>();
    private volatile long now;
    private final ConcurrencyLimit limit = new ConcurrencyLimit(1, 10, () -> now);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private boolean broken;

    private final SdkHttpClient paced = new PacedHttpClient(new SdkHttpClient() {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() throws IOException {
                    asked.add(request.httpRequest().method());
                    if (broken) {
                        throw new IOException("reset");
                    }
                    return HttpExecuteResponse.builder()
                            .response(SdkHttpResponse.builder().statusCode(200).build()).build();
                }

                @Override
                public void abort() {
                    asked.clear();
                }
            };
        }

        @Override
        public void close() {
            asked.clear();
        }
    }, limit, meters);

    private HttpExecuteResponse call(SdkHttpMethod method) throws IOException {
        return paced.prepareRequest(HttpExecuteRequest.builder().request(SdkHttpRequest.builder().method(method)
                .uri(URI.create("http://127.0.0.1:1/")).build()).build()).call();
    }

    @AfterEach
    void close() {
        paced.close();
    }

    @Test
    void requestThatWasAnsweredGivesItsTurnBack() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(call(SdkHttpMethod.GET).httpResponse().statusCode()).isEqualTo(200);
        }

        assertThat(asked).hasSize(10);
        assertThat(limit.hasRoom()).isTrue();
    }

    @Test
    void requestThatFailedGivesItsTurnBack() {
        broken = true;
        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(SdkHttpMethod.GET)).withMessage("reset");
        }

        assertThat(asked).hasSize(10);
        assertThat(limit.hasRoom()).isTrue();
    }

    @Test
    void healthCheckDoesNotWait() throws Exception {
        Turn one = limit.begin();
        Turn other = limit.begin();
        assertThat(limit.hasRoom()).isFalse();
        // A request that waited would end with the interrupt.
        Thread.currentThread().interrupt();

        call(SdkHttpMethod.HEAD);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).containsExactly(SdkHttpMethod.HEAD);
        limit.end(one, true);
        limit.end(other, true);
    }

    @Test
    void requestThatIsGivenUpWhileItWaitsIsNotSent() throws Exception {
        limit.begin();
        limit.begin();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> call(SdkHttpMethod.GET));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).isEmpty();
    }

    @Test
    void requestThatHasWaitedLongEnoughIsSentByItself() throws Exception {
        limit.begin();
        limit.begin();
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        Thread client = new Thread(() -> {
            try {
                answer.complete(call(SdkHttpMethod.GET).httpResponse().statusCode());
            } catch (IOException failure) {
                answer.completeExceptionally(failure);
            }
        });
        client.start();
        await().until(() -> limit.waiting() == 1);

        now = TimeUnit.MILLISECONDS.toNanos(ConcurrencyLimit.LONGEST_WAIT_MS);

        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        client.join();
    }

    @Test
    void limitAndWaitingAreShown() {
        assertThat(meters.get("filestream.s3.requests.limit").gauge().value()).isEqualTo(2);
        assertThat(meters.get("filestream.s3.requests.pending").gauge().value()).isZero();
    }
}
