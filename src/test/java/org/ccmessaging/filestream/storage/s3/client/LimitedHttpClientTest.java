package org.ccmessaging.filestream.storage.s3.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.s3.client.ConcurrencyLimit.Permit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Which requests wait for a permit, and that each releases its own. */
class LimitedHttpClientTest {

    private final List<SdkHttpMethod> sent = new ArrayList<>();
    private volatile long now;
    private final ConcurrencyLimit limit = new ConcurrencyLimit(1, 10, () -> now);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private boolean broken;

    private final SdkHttpClient limited = new LimitedHttpClient(new SdkHttpClient() {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() throws IOException {
                    sent.add(request.httpRequest().method());
                    if (broken) {
                        throw new IOException("reset");
                    }
                    return HttpExecuteResponse.builder()
                            .response(SdkHttpResponse.builder().statusCode(200).build()).build();
                }

                @Override
                public void abort() {
                    sent.clear();
                }
            };
        }

        @Override
        public void close() {
            sent.clear();
        }
    }, limit, meters, Tags.empty());

    private HttpExecuteResponse call(SdkHttpMethod method) throws IOException {
        return limited.prepareRequest(HttpExecuteRequest.builder().request(SdkHttpRequest.builder().method(method)
                .uri(URI.create("http://127.0.0.1:1/")).build()).build()).call();
    }

    @AfterEach
    void close() {
        limited.close();
    }

    @Test
    void requestThatSucceedsReleasesItsPermit() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(call(SdkHttpMethod.GET).httpResponse().statusCode()).isEqualTo(200);
        }

        assertThat(sent).hasSize(10);
        assertThat(limit.hasRoom()).isTrue();
    }

    @Test
    void requestThatFailsReleasesItsPermit() {
        broken = true;
        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(SdkHttpMethod.GET)).withMessage("reset");
        }

        assertThat(sent).hasSize(10);
        assertThat(limit.hasRoom()).isTrue();
    }

    @Test
    void healthCheckDoesNotWait() throws Exception {
        Permit one = limit.acquire();
        Permit other = limit.acquire();
        assertThat(limit.hasRoom()).isFalse();
        // A request that waited would end with the interrupt.
        Thread.currentThread().interrupt();

        call(SdkHttpMethod.HEAD);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(sent).containsExactly(SdkHttpMethod.HEAD);
        limit.release(one, true);
        limit.release(other, true);
    }

    @Test
    void requestThatIsInterruptedWhileItWaitsIsNotSent() throws Exception {
        limit.acquire();
        limit.acquire();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> call(SdkHttpMethod.GET));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(sent).isEmpty();
    }

    @Test
    void requestThatHasWaitedLongEnoughIsSentWithoutAPermit() throws Exception {
        limit.acquire();
        limit.acquire();
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread client = new Thread(() -> {
            try {
                status.complete(call(SdkHttpMethod.GET).httpResponse().statusCode());
            } catch (IOException failure) {
                status.completeExceptionally(failure);
            }
        });
        client.start();
        await().until(() -> limit.waiting() == 1);

        now = TimeUnit.MILLISECONDS.toNanos(ConcurrencyLimit.LONGEST_WAIT_MS);

        assertThat(status.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        client.join();
    }

    @Test
    void limitAndWaitingAreShown() {
        assertThat(meters.get("filestream.s3.requests.limit").gauge().value()).isEqualTo(2);
        assertThat(meters.get("filestream.s3.requests.pending").gauge().value()).isZero();
    }
}
