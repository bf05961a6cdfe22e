package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpVersion;
import org.apache.http.message.BasicHttpRequest;
import org.apache.http.message.BasicHttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store of route tests responds as S3 does, and fails as a test says. */
class StoreTest {

    private static final Duration READ_TIMEOUT = Duration.ofMillis(50);

    private final Store store = new Store();

    @BeforeEach
    void put() {
        store.setReadTimeout(READ_TIMEOUT);
        store.put("bucket", "demo/a +b.txt", "0123456789".getBytes(StandardCharsets.UTF_8), Map.of(),
                Map.of());
    }

    private HttpResponse get(String... headers) throws IOException {
        HttpRequest request = new BasicHttpRequest("GET",
                "/bucket/demo/a%20%2Bb.txt?response-content-language=x-nonce");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        HttpResponse response = new BasicHttpResponse(HttpVersion.HTTP_1_1, 200, "");
        store.handle(request, response, null);
        return response;
    }

    private static String body(HttpResponse response) throws IOException {
        return new String(response.getEntity().getContent().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String header(String name, HttpResponse response) {
        return response.getFirstHeader(name).getValue();
    }

    private void fail(String yaml) {
        store.fail(TestFiles.parse(Map.of(Path.of("a.test.yaml"),
                ("- test: a\n  fail: { get-object: " + yaml + " }\n  expect: {}\n").getBytes(StandardCharsets.UTF_8)))
                .get(0).faults().get("get-object"));
    }

    @Test
    void otherVersionIsAnErrorOfS3() throws IOException {
        assertThat(get("If-Match", "\"other\"").getStatusLine().getStatusCode()).isEqualTo(412);
    }

    @Test
    void stallLastsAsLongAsAReaderWaits() throws IOException {
        fail("{ after: 4B, stall: true }");
        try (InputStream body = get().getEntity().getContent()) {
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
        HttpResponse response = get();

        assertThat(header("Content-Length", response)).isEqualTo("10");
        assertThat(body(response)).isEqualTo("0123");
    }

    @Test
    void changedObjectHasAnotherTagAndAFaultBehindItsEndBreaksNothing() throws IOException {
        fail("{ after: 1KB, change: true, times: 1 }");
        HttpResponse before = get();

        assertThat(body(before)).isEqualTo("0123456789");
        assertThat(header("ETag", get())).isNotEqualTo(header("ETag", before));
    }
}
