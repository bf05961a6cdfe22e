package org.ccmessaging.filestream.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.res.StringManager;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.observe.DownloadMeters;
import org.ccmessaging.filestream.response.FailureOutcome;
import org.ccmessaging.filestream.response.MadeResponse;
import org.ccmessaging.filestream.response.Outcome;
import org.ccmessaging.filestream.toolkit.Headers;
import org.slf4j.MDC;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Writes the responses of routes, and refusals, on the API port. */
@Component
class HttpResponses {

    static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";

    /** Routes of these paths may respond only with a {@link MadeResponse} (contract sections 2 and 5). */
    static final Set<String> CONTRACT = Set.of(DOWNLOAD, "/apiaccess/ccmessaging/applyToken",
            "/apigovernance/api/oauth/tokenByAkSk");

    /** Statuses with {@code Retry-After} (contract section 4.2). */
    private static final Set<Integer> RETRIED = Set.of(429, HttpServletResponse.SC_SERVICE_UNAVAILABLE);

    private static final String JSON = "application/json";

    /** Maximum length of {@code resultDesc} in a header, because Tomcat limits response headers to 8 KB in total. */
    private static final int LONGEST_TEXT = 200;

    /** Tomcat's message, in the JVM's language, for headers that are too large. The exception has no specific class. */
    private static final String TOO_LARGE =
            StringManager.getManager(Http11InputBuffer.class).getString("iib.requestheadertoolarge.error");

    /**
     * Writes streamed responses on platform threads, because waits cost more on virtual threads (decision 0006).
     * Download permits limit the number of threads.
     */
    private final Executor streams;
    private final long mostHeaderBytes;
    private final FailureOutcome failures;
    private final DownloadMeters meters;

    HttpResponses(Environment environment, FailureOutcome failures, DownloadMeters meters) {
        this.streams = Threading.VIRTUAL.isActive(environment) ? RequestThreads.platformThreads("http-streamed-")
                : Runnable::run;
        this.mostHeaderBytes =
                environment.getRequiredProperty("server.max-http-request-header-size", DataSize.class).toBytes();
        this.failures = failures;
        this.meters = meters;
    }

    Outcome write(Message message, HttpServletResponse response) throws IOException {
        MadeResponse made = (MadeResponse) message.getBody();
        response.setStatus(made.status());
        response.setContentType(JSON);
        MadeResponse.WritableBody body = made.body();
        writeHeaders(message, body.outcome(), response);
        if (body.length() < 0) {
            return write(body, response.getOutputStream(), streams);
        }
        response.setContentLengthLong(body.length());
        return body.writeTo(response.getOutputStream());
    }

    static Outcome write(MadeResponse.WritableBody body, OutputStream out, Executor thread) throws IOException {
        Map<String, String> logContext = MDC.getCopyOfContextMap();
        try {
            // join() ignores interrupts, so Tomcat never reuses the response while another thread writes to it.
            return CompletableFuture.supplyAsync(() -> {
                MDC.setContextMap(logContext);
                try {
                    return body.writeTo(out);
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            }, thread).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof UncheckedIOException gone) {
                throw gone.getCause();
            }
            throw failure;
        }
    }

    /** Copies only headers of the contract, because another header may contain the name of a bucket. */
    private void writeHeaders(Message message, Outcome outcome, HttpServletResponse response) {
        if (outcome != null) {
            String text = outcome.resultDesc();
            writeHeader(Headers.RESULT_CODE, outcome.resultCode(), response);
            writeHeader(Headers.RESULT_DESC, text == null || text.length() <= LONGEST_TEXT ? text
                    : text.substring(0, LONGEST_TEXT), response);
        }
        if (response.getStatus() == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
            writeHeader(Headers.ALLOW, message.getHeader(Headers.ALLOW, String.class), response);
        } else if (RETRIED.contains(response.getStatus())) {
            writeHeader(Headers.RETRY_AFTER, message.getHeader(Headers.RETRY_AFTER, String.class), response);
        }
    }

    /** Replaces non-ASCII and control characters, which gateways might cut or refuse (RFC 9110 section 5.5). */
    private static void writeHeader(String name, String value, HttpServletResponse response) {
        if (value != null) {
            boolean visible = value.chars().allMatch(character -> character >= ' ' && character <= '~');
            response.setHeader(name, visible ? value : value.replaceAll("[^\\x20-\\x7E]", "?"));
        }
    }

    /** @param branch the storage branch that failed; {@code null} if none */
    Outcome writeFailure(Exception failure, String branch, HttpServletResponse response) throws IOException {
        return write(failures.of(failure, branch), response);
    }

    /** Writes the message without the {@code received} request headers, which Camel's own consumer would send back. */
    void writeBody(Exchange exchange, Map<?, ?> received, HeaderFilterStrategy filter, HttpServletResponse response)
            throws IOException {
        Message message = exchange.getMessage();
        response.setStatus(message.getHeader(Exchange.HTTP_RESPONSE_CODE, HttpServletResponse.SC_OK, Integer.class));
        message.getHeaders().forEach((name, value) -> {
            if (value != null && value != received.get(name)
                    && !filter.applyFilterToCamelHeaders(name, value, exchange)) {
                writeHeader(name, exchange.getContext().getTypeConverter().tryConvertTo(String.class, value), response);
            }
        });
        // Camel's filter excludes the content type.
        Object type = message.getHeader(Exchange.CONTENT_TYPE);
        if (type != null && type != received.get(Exchange.CONTENT_TYPE)) {
            response.setContentType(type.toString());
        }
        if (message.getBody() == null) {
            return;
        }
        InputStream stream = message.getBody(InputStream.class);
        try (InputStream body = new ProxyInputStream(stream != null ? stream
                : new ByteArrayInputStream(message.getBody().toString().getBytes(StandardCharsets.UTF_8))) {
            /** EntryPoints would ignore an IOException, so a truncated body would look complete to the client. */
            @Override
            protected void handleIOException(IOException broken) {
                throw new UncheckedIOException("the body of the response broke", broken);
            }
        }) {
            body.transferTo(response.getOutputStream());
        }
    }

    /** Responds to a request that reached no route, and counts a download that gets 503. */
    void refuse(Exception refusal, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (refusal instanceof ServiceBusyException busy && request.getRequestURI().equals(DOWNLOAD)) {
            meters.refused(busy.refusal());
        }
        writeFailure(refusal, null, response);
    }

    /** @param status the status with which Tomcat has refused the request */
    Exception failure(int status, HttpServletRequest request) {
        return switch (status) {
            case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> new ServiceBusyException(Refusal.DRAINING);
            // Tomcat's statuses for an unknown transfer coding, CONNECT, or an unknown HTTP version.
            case HttpServletResponse.SC_NOT_IMPLEMENTED, HttpServletResponse.SC_HTTP_VERSION_NOT_SUPPORTED ->
                    malformed(request);
            default -> status < HttpServletResponse.SC_INTERNAL_SERVER_ERROR ? malformed(request)
                    : new IllegalStateException("Tomcat responded with " + status);
        };
    }

    private InvalidRequestException malformed(HttpServletRequest request) {
        Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        return new InvalidRequestException(
                failure instanceof SocketTimeoutException ? "The body did not arrive in time."
                : failure instanceof IllegalArgumentException refused && TOO_LARGE.equals(refused.getMessage())
                        ? "The request line and the headers are larger than " + mostHeaderBytes + " bytes."
                : "The HTTP request is malformed.");
    }
}
