package org.ccmessaging.filestream.routes.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.storage.StoredObject;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * HTTP client that is an S3 store in memory. It responds to GET and HEAD requests for objects with ranges, ETags and
 * the override of {@code Content-Language}, or fails as the running test says.
 */
final class Store implements SdkHttpClient {

    /** A version of an object, with its ETag. */
    private record Stored(byte[] content, String version) {

        Stored(byte[] content) {
            this(content, "\"" + UUID.randomUUID() + "\"");
        }
    }

    /** A failure, of the store or of a step, and how often it still happens: always, if the test has no number. */
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

    /** S3's usual error codes by HTTP status. */
    private static final Map<String, String> USUAL_CODES = Map.of("403", "AccessDenied", "404", "NoSuchKey",
            "412", "PreconditionFailed", "503", "SlowDown");

    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private volatile Fault fault;
    private volatile Duration readTimeout = Duration.ZERO;

    void setReadTimeout(Duration timeout) {
        readTimeout = timeout;
    }

    void put(String bucket, String key, byte[] content) {
        objects.put(bucket + "/" + key, new Stored(content));
    }

    /** Opens an object as step {@code open-file} opens a file. Returns {@code null} if the store has no such object. */
    StoredObject open(String bucket, String key) {
        Stored object = objects.get(bucket + "/" + key);
        return object == null ? null : new StoredObject(new ByteArrayInputStream(object.content()),
                object.content().length, object.content().length, () -> { });
    }

    void fail(Value written) {
        fault = Fault.of(written);
    }

    void reset() {
        fault = null;
        objects.clear();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {

            @Override
            public HttpExecuteResponse call() throws IOException {
                return respond(request.httpRequest());
            }

            @Override
            public void abort() {
                // Nothing is open.
            }
        };
    }

    private HttpExecuteResponse respond(SdkHttpRequest request) throws IOException {
        String path = URLDecoder.decode(request.encodedPath().substring(1).replace("+", "%2B"),
                StandardCharsets.UTF_8);
        Stored object = objects.get(path);
        Fault set = fault;
        Fault now = request.method() == SdkHttpMethod.GET && set != null && set.happens() ? set : null;
        Value after = now == null ? null : now.written().get("after");
        int bytes = after == null ? Integer.MAX_VALUE : after.isPresent() ? TestCase.size(after) : 0;
        if (now != null && now.written().get("status").isPresent()) {
            return error(now.written().get("status").text(), now.written().get("code").text());
        }
        if (now != null && (object == null || bytes == 0)) {
            breakOff(now);
            throw new SocketException("The store closed the connection");
        }
        if (object == null) {
            boolean bucket = path.indexOf('/') < 0;
            return bucket ? response(head(200, 0), InputStream.nullInputStream()) : error("404", "");
        }
        if (!request.firstMatchingHeader("If-Match").map(object.version()::equals).orElse(true)) {
            return error("412", "");
        }
        if (now != null && now.is("change")) {
            objects.put(path, new Stored(object.content()));
        }
        return response(object, request, now, bytes);
    }

    /** Returns the part of an object that a request asks for, up to the byte of the object at which a fault begins. */
    private HttpExecuteResponse response(Stored object, SdkHttpRequest request, Fault now, int bytes) {
        int size = object.content().length;
        int from = request.firstMatchingHeader("Range")
                .map(range -> Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"))).orElse(0);
        int end = Math.max(from, Math.min(size, bytes));
        InputStream content = new ByteArrayInputStream(object.content(), from, end - from);
        SdkHttpResponse.Builder head = head(from > 0 ? 206 : 200, size - from)
                .putHeader("ETag", object.version()).putHeader("Accept-Ranges", "bytes")
                .putHeader("Content-Type", "application/octet-stream");
        if (from > 0) {
            head.putHeader("Content-Range", "bytes " + from + "-" + (size - 1) + "/" + size);
        }
        request.firstMatchingRawQueryParameter("response-content-language")
                .ifPresent(language -> head.putHeader("Content-Language", language));
        return response(head, end == size ? content : new SequenceInputStream(content, new InputStream() {

            @Override
            public int read() throws IOException {
                breakOff(now);
                return -1;
            }
        }));
    }

    private static HttpExecuteResponse error(String status, String code) {
        String sent = code.isEmpty() ? USUAL_CODES.getOrDefault(status, "InternalError") : code;
        byte[] body = ("<Error><Code>" + sent + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
        return response(head(Integer.parseInt(status), body.length).putHeader("Content-Type", "application/xml"),
                new ByteArrayInputStream(body));
    }

    private static SdkHttpResponse.Builder head(int status, int length) {
        return SdkHttpResponse.builder().statusCode(status).putHeader("Content-Length", Integer.toString(length))
                .putHeader("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
    }

    private static HttpExecuteResponse response(SdkHttpResponse.Builder head, InputStream body) {
        return HttpExecuteResponse.builder().response(head.build()).responseBody(AbortableInputStream.create(body))
                .build();
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
        // Several branches share the store, and each closes it.
    }
}
