package org.ccmessaging.filestream.storage;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.storage.ConcurrencyLimit.Turn;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Lets only so many GETs wait for an answer at the same time as get the most done ({@link ConcurrencyLimit}). Until
 * the answer's head is there, that is: an object that flows holds up nobody, however slowly its client reads. Other
 * requests are those of the health check, and do not wait.
 */
final class PacedHttpClient implements SdkHttpClient {

    /** How often is looked for requests that have waited long enough, in milliseconds. */
    private static final long LOOK_EVERY_MS = 100;

    private final SdkHttpClient http;
    private final ConcurrencyLimit limit;
    private final ScheduledExecutorService lateOnes = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "s3-late-requests");
        thread.setDaemon(true);
        return thread;
    });

    PacedHttpClient(SdkHttpClient http, ConcurrencyLimit limit, MeterRegistry meters) {
        this.http = http;
        this.limit = limit;
        Gauge.builder("filestream.s3.requests.limit", limit, ConcurrencyLimit::limit)
                .description("Requests that may wait for the store's answer at the same time, as found")
                .register(meters);
        Gauge.builder("filestream.s3.requests.pending", limit, ConcurrencyLimit::waiting)
                .description("Requests that wait for their turn to ask the store").register(meters);
        lateOnes.scheduleWithFixedDelay(limit::letLateOnesGo, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = http.prepareRequest(request);
        return request.httpRequest().method() == SdkHttpMethod.GET ? new Paced(prepared) : prepared;
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        lateOnes.shutdownNow();
        http.close();
    }

    private final class Paced implements ExecutableHttpRequest {

        private final ExecutableHttpRequest request;

        private Paced(ExecutableHttpRequest request) {
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            Turn turn = begin();
            boolean answered = false;
            try {
                HttpExecuteResponse answer = request.call();
                answered = answer.httpResponse().isSuccessful();
                return answer;
            } finally {
                limit.end(turn, answered);
            }
        }

        private Turn begin() throws IOException {
            try {
                return limit.begin();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted before the store was asked")
                        .initCause(interrupted);
            }
        }

        @Override
        public void abort() {
            request.abort();
        }
    }
}
