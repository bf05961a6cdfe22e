package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** The store of route tests responds as S3 does, and fails as a test says. */
class StoreTest {

    private static final Duration READ_TIMEOUT = Duration.ofMillis(50);

    private final Store store = new Store();

    @BeforeEach
    void put() {
        store.setReadTimeout(READ_TIMEOUT);
        store.put("bucket", "demo/a +b.txt", "0123456789".getBytes(StandardCharsets.UTF_8));
    }

    private HttpExecuteResponse send(SdkHttpMethod method, String path, String... headers) throws IOException {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(method)
                .uri(URI.create("http://store.invalid/" + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.putHeader(headers[i], headers[i + 1]);
        }
        return store.prepareRequest(HttpExecuteRequest.builder().request(request.build()).build()).call();
    }

    private HttpExecuteResponse get(String... headers) throws IOException {
        return send(SdkHttpMethod.GET, "bucket/demo/a%20%2Bb.txt?response-content-language=x-nonce", headers);
    }

    private static String body(HttpExecuteResponse response) throws IOException {
        return new String(response.responseBody().orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String header(String name, HttpExecuteResponse response) {
        return response.httpResponse().firstMatchingHeader(name).orElse(null);
    }

    private void fail(String yaml) {
        store.fail(TestFiles.parse(Map.of(Path.of("a.test.yaml"),
                ("- test: a\n  fail: { get-object: " + yaml + " }\n  expect: {}\n").getBytes(StandardCharsets.UTF_8)))
                .get(0).faults().get("get-object"));
    }

    @Test
    void objectIsSentWithItsLengthItsTagAndTheLanguageOfTheRequest() throws IOException {
        HttpExecuteResponse response = get();

        assertThat(response.httpResponse().statusCode()).isEqualTo(200);
        assertThat(header("Content-Length", response)).isEqualTo("10");
        assertThat(header("Content-Language", response)).isEqualTo("x-nonce");
        assertThat(body(response)).isEqualTo("0123456789");
        HttpExecuteResponse rest = get("Range", "bytes=4-", "If-Match", header("ETag", response));
        assertThat(rest.httpResponse().statusCode()).isEqualTo(206);
        assertThat(header("Content-Range", rest)).isEqualTo("bytes 4-9/10");
        assertThat(body(rest)).isEqualTo("456789");
    }

    @Test
    void whatIsNotThereOrIsAnotherVersionIsAnErrorOfS3() throws IOException {
        assertThat(body(send(SdkHttpMethod.GET, "bucket/demo/none"))).contains("<Code>NoSuchKey</Code>");
        assertThat(send(SdkHttpMethod.HEAD, "bucket").httpResponse().statusCode()).isEqualTo(200);
        assertThat(get("If-Match", "\"other\"").httpResponse().statusCode()).isEqualTo(412);
    }

    @Test
    void resetBreaksTheBodyWhereTheFaultSays() throws IOException {
        fail("{ after: 4B }");
        try (InputStream body = get().responseBody().orElseThrow()) {
            assertThat(body.readNBytes(4)).asString(StandardCharsets.UTF_8).isEqualTo("0123");
            assertThatExceptionOfType(SocketException.class).isThrownBy(body::read).withMessage("Connection reset");
        }
        fail("{ reset: true }");
        assertThatExceptionOfType(SocketException.class).isThrownBy(this::get);
    }

    @Test
    void stallLastsAsLongAsAReaderWaits() throws IOException {
        fail("{ after: 4B, stall: true }");
        try (InputStream body = get().responseBody().orElseThrow()) {
            assertThat(body.readNBytes(4)).hasSize(4);
            long start = System.nanoTime();
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(body::read)
                    .withMessage("Read timed out");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(READ_TIMEOUT);
        }
    }

    @Test
    void truncatedBodyEndsBeforeItsLength() throws IOException {
        fail("{ after: 4B, truncate: true }");
        HttpExecuteResponse response = get();

        assertThat(header("Content-Length", response)).isEqualTo("10");
        assertThat(body(response)).isEqualTo("0123");
    }

    @Test
    void changedObjectHasAnotherTagAndAFaultBehindItsEndBreaksNothing() throws IOException {
        fail("{ after: 1KB, change: true, times: 1 }");
        HttpExecuteResponse before = get();

        assertThat(body(before)).isEqualTo("0123456789");
        assertThat(header("ETag", get())).isNotEqualTo(header("ETag", before));
    }

    @Test
    void statusIsSentAsOftenAsTheFaultSays() throws IOException {
        fail("{ status: 503, times: 1 }");

        assertThat(body(get())).contains("<Code>SlowDown</Code>");
        assertThat(body(get())).isEqualTo("0123456789");
    }
}
