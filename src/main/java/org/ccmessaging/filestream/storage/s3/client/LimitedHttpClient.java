package org.ccmessaging.filestream.storage.s3.client;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.s3.client.ConcurrencyLimit.Permit;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Takes p99 at 40 KB from 0.74 to 0.24 × hand-written (decision 0009): applies the {@link ConcurrencyLimit} to GETs. A
 * GET returns its permit when the head of the response has arrived. So a client that reads slowly holds no permit of
 * this limit. All other requests are those of the health check, and do not wait.
 */
public final class LimitedHttpClient implements SdkHttpClient {

    /** Milliseconds between two calls of {@link ConcurrencyLimit#releaseLate}. */
    private static final long LOOK_EVERY_MS = 100;

    private final SdkHttpClient http;
    private final ConcurrencyLimit limit;
    private final ScheduledExecutorService lateRequests = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "s3-late-requests");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param http sends the requests
     * @param store tells the meters of this store from those of another one
     */
    public LimitedHttpClient(SdkHttpClient http, ConcurrencyLimit limit, MeterRegistry meters, Tags store) {
        this.http = http;
        this.limit = limit;
        Gauge.builder("filestream.s3.requests.limit", limit, ConcurrencyLimit::limit).tags(store)
                .description("The concurrency limit: requests that may wait for the store's response")
                .register(meters);
        Gauge.builder("filestream.s3.requests.pending", limit, ConcurrencyLimit::waiting).tags(store)
                .description("Requests that wait for a permit of the concurrency limit").register(meters);
        lateRequests.scheduleWithFixedDelay(limit::releaseLate, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = http.prepareRequest(request);
        return request.httpRequest().method() == SdkHttpMethod.GET ? new Limited(prepared) : prepared;
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        lateRequests.shutdownNow();
        http.close();
    }

    private final class Limited implements ExecutableHttpRequest {

        private final ExecutableHttpRequest request;

        private Limited(ExecutableHttpRequest request) {
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            Permit permit = acquire();
            boolean succeeded = false;
            try {
                HttpExecuteResponse response = request.call();
                succeeded = response.httpResponse().isSuccessful();
                return response;
            } finally {
                limit.release(permit, succeeded);
            }
        }

        private Permit acquire() throws IOException {
            try {
                return limit.acquire();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted before the request went out")
                        .initCause(interrupted);
            }
        }

        @Override
        public void abort() {
            request.abort();
        }
    }
}
