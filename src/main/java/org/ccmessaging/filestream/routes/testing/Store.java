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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.routes.check.Value;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * HTTP client of a store in memory. It responds to GET and HEAD of objects with ranges, ETags and the override of
 * {@code Content-Language}, or fails as the running test says.
 */
final class Store implements SdkHttpClient {

    /** The content of an object, and the number in its ETag. */
    private record Stored(byte[] content, int version) {

        String tag() {
            return "\"" + Integer.toHexString(content.length) + "-" + version + "\"";
        }
    }

    /** Ways in which the store fails, after the bytes that a fault lets pass. */
    private enum Kind { RESET, STALL, TRUNCATE, STATUS }

    /**
     * A failure of the store.
     *
     * @param after bytes of the object that arrive before, counted from its start
     * @param changes whether the object is another one from then on
     * @param status the status of the store's response; empty for none
     * @param code the S3 error code of that response
     */
    private record Fault(Kind kind, int after, boolean changes, String status, String code, Times times) {

        static Fault of(Value written) {
            String status = written.get("status").text();
            Kind kind = !status.isEmpty() ? Kind.STATUS : written.get("stall").isTrue() ? Kind.STALL
                    : written.get("truncate").isTrue() ? Kind.TRUNCATE : Kind.RESET;
            String code = written.get("code").isPresent() ? written.get("code").text() : switch (status) {
                case "403" -> "AccessDenied";
                case "404" -> "NoSuchKey";
                case "503" -> "SlowDown";
                default -> "InternalError";
            };
            return new Fault(kind, written.get("after").isPresent() ? TestCase.size(written.get("after")) : 0,
                    written.get("change").isTrue(), status, code, Times.of(written));
        }
    }

    /** How often something still happens. */
    record Times(AtomicInteger left) {

        /** @param written member {@code times} is a number; anything else means always */
        static Times of(Value written) {
            String times = written.get("times").text();
            return new Times(new AtomicInteger(times.matches("\\d+") ? Integer.parseInt(times) : Integer.MAX_VALUE));
        }

        /** Returns whether it happens now, and counts. */
        boolean happens() {
            return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
        }
    }

    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private volatile Fault fault;
    private volatile Duration readTimeout = Duration.ZERO;

    /** Sets the longest silence that a reader of this store accepts. */
    void setReadTimeout(Duration timeout) {
        readTimeout = timeout;
    }

    void put(String bucket, String key, byte[] content) {
        objects.put(bucket + "/" + key, new Stored(content, 0));
    }

    /** Fails from now on as a test says. */
    void fail(Value how) {
        fault = Fault.of(how);
    }

    /** Removes objects and faults. */
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
        Fault told = fault;
        Fault now = request.method() == SdkHttpMethod.GET && told != null && told.times().happens() ? told : null;
        if (now != null && now.kind() == Kind.STATUS) {
            return error(Integer.parseInt(now.status()), now.code());
        }
        if (now != null && (object == null || now.after() == 0)) {
            breakOff(now);
            throw new SocketException("The store closed the connection");
        }
        if (object == null) {
            boolean bucket = path.indexOf('/') < 0;
            return bucket ? response(head(200, 0), InputStream.nullInputStream()) : error(404, "NoSuchKey");
        }
        if (!request.firstMatchingHeader("If-Match").map(object.tag()::equals).orElse(true)) {
            return error(412, "PreconditionFailed");
        }
        if (now != null && now.changes()) {
            objects.put(path, new Stored(object.content(), object.version() + 1));
        }
        return response(object, request, now);
    }

    private HttpExecuteResponse response(Stored object, SdkHttpRequest request, Fault now) {
        int size = object.content().length;
        int from = request.firstMatchingHeader("Range")
                .map(range -> Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"))).orElse(0);
        int end = now == null ? size : Math.max(from, Math.min(size, now.after()));
        InputStream content = new ByteArrayInputStream(object.content(), from, end - from);
        SdkHttpResponse.Builder head = head(from > 0 ? 206 : 200, size - from)
                .putHeader("ETag", object.tag()).putHeader("Accept-Ranges", "bytes")
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

    /** An error as S3 reports it. */
    private static HttpExecuteResponse error(int status, String code) {
        byte[] body = ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
        return response(head(status, body.length).putHeader("Content-Type", "application/xml"),
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

    /** Ends a response as the fault says: with an exception, or silently. */
    private void breakOff(Fault now) throws IOException {
        if (now.kind() == Kind.STALL) {
            try {
                Thread.sleep(readTimeout.toMillis());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            throw new SocketTimeoutException("Read timed out");
        }
        if (now.kind() == Kind.RESET) {
            throw new SocketException("Connection reset");
        }
    }

    @Override
    public void close() {
        // A store of several branches is closed with each of them.
    }
}
