package org.ccmessaging.filestream.storage.s3.client;

import java.io.IOException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Saves the second request that a failed single-attempt GET would cost (decision 0008). {@link SingleAttemptGets} hands
 * its response or failure over, and the SDK receives it as the result of its own first attempt. The SDK then names the
 * error, and repeats the request if that may help. So {@code filestream.s3.max-attempts} counts every request that the
 * store gets.
 *
 * <p>The SDK's synchronous client sends in the thread that calls it, so a variable of that thread holds the result.
 */
public final class FirstAttempts implements SdkHttpClient {

    private final SdkHttpClient http;
    private final ThreadLocal<ExecutableHttpRequest> handedOver = new ThreadLocal<>();

    /** @param http sends the requests that have no result yet */
    public FirstAttempts(SdkHttpClient http) {
        this.http = http;
    }

    /** Prepares a request to the store, whatever result is waiting. */
    ExecutableHttpRequest send(HttpExecuteRequest request) {
        return http.prepareRequest(request);
    }

    /** Hands over the response of a single-attempt GET. The next request of this thread receives it. */
    void handOver(HttpExecuteResponse response) {
        handedOver.set(new Replayed(response, null));
    }

    /** Hands over the failure of a single-attempt GET. The next request of this thread receives it. */
    void handOver(IOException failure) {
        handedOver.set(new Replayed(null, failure));
    }

    /** Aborts a result that no request has received. */
    void discard() {
        ExecutableHttpRequest left = handedOver.get();
        if (left != null) {
            handedOver.remove();
            left.abort();
        }
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest first = handedOver.get();
        if (first == null) {
            return send(request);
        }
        handedOver.remove();
        return first;
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        http.close();
    }

    private record Replayed(HttpExecuteResponse response, IOException failure) implements ExecutableHttpRequest {

        @Override
        public HttpExecuteResponse call() throws IOException {
            if (failure != null) {
                throw failure;
            }
            return response;
        }

        @Override
        public void abort() {
            if (response != null) {
                response.responseBody().ifPresent(AbortableInputStream::abort);
            }
        }
    }
}
