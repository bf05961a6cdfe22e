package org.ccmessaging.filestream.routes.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.http.Header;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestHandler;
import org.ccmessaging.filestream.routes.check.Value;
import org.springframework.web.util.HtmlUtils;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/** An S3 store in memory, for GET requests. */
final class Store implements HttpRequestHandler, SdkHttpClient {

    /** A version of an object. The metadata are HTTP headers, and {@code version} is the ETag. */
    private record Stored(byte[] content, Map<String, String> tags, Map<String, String> metadata, String version) {

        Stored(byte[] content, Map<String, String> tags, Map<String, String> metadata) {
            this(content, tags, metadata, "\"" + UUID.randomUUID() + "\"");
        }
    }

    /** A simulated failure or a mock, which takes effect {@code times} times, or always if {@code times} is not set. */
    record Fault(Value written, AtomicInteger left) {

        static Fault of(Value written) {
            String times = written.get("times").text();
            return new Fault(written,
                    new AtomicInteger(times.matches("\\d+") ? Integer.parseInt(times) : Integer.MAX_VALUE));
        }

        boolean happens() {
            return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
        }

        private boolean is(String name) {
            return written.get(name).isTrue();
        }
    }

    private static final Map<String, String> USUAL_CODES = Map.of("403", "AccessDenied", "404", "NoSuchKey",
            "412", "PreconditionFailed", "503", "SlowDown");

    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private volatile Fault fault;
    private volatile Duration readTimeout = Duration.ZERO;

    void setReadTimeout(Duration timeout) {
        readTimeout = timeout;
    }

    void put(String bucket, String key, byte[] content, Map<String, String> tags, Map<String, String> metadata) {
        objects.put(bucket + "/" + key, new Stored(content, tags, metadata));
    }

    void fail(Value written) {
        fault = Fault.of(written);
    }

    void reset() {
        fault = null;
        objects.clear();
    }

    @Override
    public void handle(HttpRequest request, HttpResponse response, HttpContext context) throws IOException {
        URI uri = URI.create(request.getRequestLine().getUri());
        String path = uri.getPath().substring(1);
        Stored object = objects.get(path);
        if (object != null && "tagging=".equals(uri.getQuery())) {
            sendText(response, object.tags().entrySet().stream().map(tag -> "<Tag><Key>" + HtmlUtils.htmlEscapeDecimal(
                    tag.getKey()) + "</Key><Value>" + HtmlUtils.htmlEscapeDecimal(tag.getValue()) + "</Value></Tag>")
                    .collect(Collectors.joining("", "<Tagging><TagSet>", "</TagSet></Tagging>")));
            return;
        }
        Fault set = fault;
        Fault now = set != null && set.happens() ? set : null;
        Value after = now == null ? null : now.written().get("after");
        int bytes = after == null ? Integer.MAX_VALUE : after.isPresent() ? TestCase.size(after) : 0;
        response.setHeader(HttpHeaders.LAST_MODIFIED, "Thu, 01 Jan 2026 00:00:00 GMT");
        if (now != null && now.written().get("status").isPresent()) {
            error(response, now.written().get("status").text(), now.written().get("code").text());
            return;
        }
        if (now != null && (object == null || bytes == 0)) {
            breakOff(now);
            throw new SocketException("The store closed the connection");
        }
        if (object == null) {
            error(response, "404", "");
            return;
        }
        Header version = request.getFirstHeader(HttpHeaders.IF_MATCH);
        if (version != null && !version.getValue().equals(object.version())) {
            error(response, "412", "");
            return;
        }
        if (now != null && now.is("change")) {
            objects.put(path, new Stored(object.content(), object.tags(), object.metadata()));
        }
        if (uri.getQuery() != null) {
            response.setHeader(HttpHeaders.CONTENT_LANGUAGE, uri.getQuery().replace("response-content-language=", ""));
        }
        response.setHeader(HttpHeaders.ETAG, object.version());
        object.metadata().forEach(response::setHeader);
        respond(response, object, request.getFirstHeader(HttpHeaders.RANGE), now, bytes);
    }

    /** Sends the requested part of an object, up to the byte at which the fault, if any, begins. */
    private void respond(HttpResponse response, Stored object, Header range, Fault now, int bytes) {
        int size = object.content().length;
        int from = range == null ? 0 : Integer.parseInt(range.getValue().replaceAll("bytes=(\\d+)-.*", "$1"));
        int end = Math.max(from, Math.min(size, bytes));
        if (from > 0) {
            response.setStatusCode(HttpStatus.SC_PARTIAL_CONTENT);
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes " + from + "-" + (size - 1) + "/" + size);
        }
        InputStream content = new ByteArrayInputStream(object.content(), from, end - from);
        send(response, size - from, end == size ? content : new SequenceInputStream(content, new InputStream() {

            @Override
            public int read() throws IOException {
                breakOff(now);
                return -1;
            }
        }));
    }

    private static void error(HttpResponse response, String status, String code) {
        String sent = code.isEmpty() ? USUAL_CODES.getOrDefault(status, "InternalError") : code;
        response.setStatusCode(Integer.parseInt(status));
        sendText(response, "<Error><Code>" + sent + "</Code></Error>");
    }

    private static void sendText(HttpResponse response, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        send(response, body.length, new ByteArrayInputStream(body));
    }

    private static void send(HttpResponse response, int length, InputStream body) {
        response.setHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
        response.setEntity(new InputStreamEntity(body, length));
    }

    /** Responds to each probe of a bucket with 200. */
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {

            @Override
            public HttpExecuteResponse call() {
                return HttpExecuteResponse.builder()
                        .response(SdkHttpResponse.builder().statusCode(HttpStatus.SC_OK).build()).build();
            }

            @Override
            public void abort() {
            }
        };
    }

    private void breakOff(Fault now) throws IOException {
        if (now.is("stall")) {
            LockSupport.parkNanos(readTimeout.toNanos());
            throw new SocketTimeoutException("Read timed out");
        }
        if (!now.is("truncate")) {
            throw new SocketException("Connection reset");
        }
    }

    @Override
    public void close() {
        // Does nothing, because other storage branches may still use this store.
    }
}
