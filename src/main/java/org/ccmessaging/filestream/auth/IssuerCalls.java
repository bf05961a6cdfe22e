package org.ccmessaging.filestream.auth;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/** Calls an external issuer. It logs a line when a call fails, and one when the next call succeeds. */
final class IssuerCalls {

    /** Time for a response, including a second try. Requests wait for it, and a provider may be far away. */
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(2);

    private static final int LARGEST_BYTES = 64 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(IssuerCalls.class);

    private final String what;
    private final HttpClient http;
    private final Counter successes;
    private final Counter failures;
    private Instant failingSince;

    IssuerCalls(TrustedIssuer issuer, MeterRegistry meters) {
        this.what = "The key set of " + issuer.setting();
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofNanos(DEADLINE))
                .followRedirects(Redirect.NORMAL).build();
        this.successes = calls("success", meters);
        this.failures = calls("failure", meters);
    }

    private static Counter calls(String outcome, MeterRegistry meters) {
        return Counter.builder("filestream.keyset.fetches").tag("outcome", outcome)
                .description("Fetches of the key sets of external issuers").register(meters);
    }

    /** Returns the body of a response of status 200. It tries twice if a connection breaks. */
    String send(HttpRequest.Builder builder) throws Exception {
        HttpRequest request = builder.build();
        long end = System.nanoTime() + DEADLINE;
        for (boolean last = false;; last = true) {
            CompletableFuture<HttpResponse<String>> sent = http.sendAsync(request, IssuerCalls::receive);
            try {
                HttpResponse<String> response = sent.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (response.statusCode() != 200) {
                    throw new IOException("status " + response.statusCode() + " of " + response.uri());
                }
                return response.body();
            } catch (ExecutionException broken) {
                // The connection may have been idle for longer than a load balancer allows.
                if (last) {
                    // Java's client says neither the address nor that its host is unknown.
                    Throwable root = NestedExceptionUtils.getMostSpecificCause(broken);
                    String reason = root instanceof UnresolvedAddressException ? "unknown host"
                            : broken.getCause().toString().replaceFirst("^[a-z.]+", "");
                    throw new IOException(reason + " at " + request.uri(), broken);
                }
            } catch (TimeoutException late) {
                throw new IOException("no response of " + request.uri() + " within 2 s", late);
            } finally {
                sent.cancel(true);
            }
        }
    }

    private static BodySubscriber<String> receive(ResponseInfo head) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        return BodySubscribers.mapping(BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
            if (body.size() + bytes.length > LARGEST_BYTES) {
                throw new IllegalStateException("a response of more than " + LARGEST_BYTES + " bytes");
            }
            body.writeBytes(bytes);
        })), none -> body.toString(StandardCharsets.UTF_8));
    }

    /** Returns the reason of the failure, without any secret. */
    synchronized String failed(Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        failures.increment();
        // Some messages of Java's client have the complete address, with a password or a key in its parameters.
        String reason = Objects.requireNonNullElse(failure.getMessage(), failure.toString())
                .replaceAll("//[^/@\\s]*@", "//(hidden)@").replaceAll("\\?\\S+", "?(hidden)");
        if (failingSince == null) {
            failingSince = Instant.now();
            LOG.warn("{} cannot be fetched: {}", what, LogText.visible(reason));
        }
        return reason;
    }

    synchronized void succeeded() {
        successes.increment();
        if (failingSince != null) {
            LOG.info("{} is back after {} s", what, Duration.between(failingSince, Instant.now()).toSeconds());
            failingSince = null;
        }
    }
}
