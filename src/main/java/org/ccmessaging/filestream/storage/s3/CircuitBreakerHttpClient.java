package org.ccmessaging.filestream.storage.s3;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.HttpStatusFamily;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Fails GETs at once while the store is dead, so that they do not hold permits until their deadlines (decision 0027).
 * Failures are a store that cannot be reached, status 5xx and a body that breaks. The store is well if it says that
 * there is no such object, or that access is denied. A step of a route could not tell these apart, and sees no body
 * that breaks later.
 */
final class CircuitBreakerHttpClient implements SdkHttpClient {

    /**
     * So many requests and half of them failed: the store is dead. A few failures in a row can be those of a few
     * objects.
     */
    private static final int LEAST_REQUESTS = 50;
    private static final float FAILURE_RATE_PERCENT = 50;
    private static final int WINDOW_SECONDS = 10;

    /** Requests that try the store again. */
    private static final int PROBES = 5;
    private static final Duration LONGEST_PROBING = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreakerHttpClient.class);

    private final SdkHttpClient http;
    private final Deadlines deadlines;
    private final CircuitBreaker breaker;

    /**
     * @param http sends the requests
     * @param openFor how long no request goes out after the circuit has opened; 0 if it never opens
     * @param branches the names of the branches whose store it is
     * @param store tells the meters of this store from those of another one
     */
    CircuitBreakerHttpClient(SdkHttpClient http, Deadlines deadlines, Duration openFor, String branches,
            MeterRegistry meters, Tags store) {
        this.http = http;
        this.deadlines = deadlines;
        this.breaker = CircuitBreaker.of("s3", CircuitBreakerConfig.custom()
                .slidingWindow(WINDOW_SECONDS, LEAST_REQUESTS, SlidingWindowType.TIME_BASED,
                        SlidingWindowSynchronizationStrategy.LOCK_FREE)
                .failureRateThreshold(FAILURE_RATE_PERCENT)
                .waitDurationInOpenState(openFor.isZero() ? LONGEST_PROBING : openFor)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .maxWaitDurationInHalfOpenState(LONGEST_PROBING)
                .build());
        if (openFor.isZero()) {
            breaker.transitionToDisabledState();
        }
        breaker.getEventPublisher().onStateTransition(event -> LOG.warn("S3 circuit of {}: {} -> {}", branches,
                name(event.getStateTransition().getFromState()), name(event.getStateTransition().getToState())));
        for (CircuitBreaker.State state : List.of(CircuitBreaker.State.CLOSED, CircuitBreaker.State.OPEN,
                CircuitBreaker.State.HALF_OPEN)) {
            Gauge.builder("filestream.s3.circuit", breaker, it -> it.getState() == state ? 1 : 0)
                    .tags(store).tag("state", name(state)).description("1 for the state of the circuit to the store")
                    .register(meters);
        }
    }

    private static String name(CircuitBreaker.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** closed, open or half-open. */
    String state() {
        return name(breaker.getState());
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = http.prepareRequest(request);
        return request.httpRequest().method() == SdkHttpMethod.GET ? new Guarded(prepared) : prepared;
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        http.close();
    }

    private void failed(Exception failure) {
        breaker.onError(0, breaker.getTimestampUnit(), failure);
    }

    private final class Guarded implements ExecutableHttpRequest {

        private final ExecutableHttpRequest request;

        Guarded(ExecutableHttpRequest request) {
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            deadlines.millisLeft(Integer.MAX_VALUE);
            try {
                breaker.acquirePermission();
            } catch (CallNotPermittedException open) {
                // No cause: the SDK would repeat what an IOException caused.
                throw SdkClientException.create("the circuit to the store is open, because most requests failed");
            }
            HttpExecuteResponse response;
            try {
                response = request.call();
            } catch (IOException | RuntimeException failure) {
                if (saysNothing(failure)) {
                    breaker.releasePermission();
                } else {
                    failed(failure);
                }
                throw failure;
            }
            int status = response.httpResponse().statusCode();
            if (HttpStatusFamily.of(status) == HttpStatusFamily.SERVER_ERROR) {
                failed(new IOException("status " + status));
            } else {
                breaker.onSuccess(0, breaker.getTimestampUnit());
            }
            return HttpExecuteResponse.builder().response(response.httpResponse())
                    .responseBody(response.responseBody().map(this::watched).orElse(null)).build();
        }

        /** Whether it was not the store that failed: our own connections were all in use, or the service stops. */
        private static boolean saysNothing(Exception failure) {
            return failure instanceof ConnectionPoolTimeoutException || failure instanceof RequestAbortedException
                    // Time-outs are of classes that extend it.
                    || failure.getClass() == InterruptedIOException.class;
        }

        private AbortableInputStream watched(AbortableInputStream content) {
            return AbortableInputStream.create(new Watched(content), content);
        }

        @Override
        public void abort() {
            request.abort();
        }
    }

    /** Counts a body that breaks. */
    private final class Watched extends FilterInputStream {

        Watched(InputStream content) {
            super(content);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException | RuntimeException broken) {
                failed(broken);
                throw broken;
            }
        }

        @Override
        public int read(byte[] buffer, int from, int most) throws IOException {
            try {
                return super.read(buffer, from, most);
            } catch (IOException | RuntimeException broken) {
                failed(broken);
                throw broken;
            }
        }
    }
}
