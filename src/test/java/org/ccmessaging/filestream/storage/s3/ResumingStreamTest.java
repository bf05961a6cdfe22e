package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.input.BrokenInputStream;
import org.apache.http.HttpResponse;
import org.apache.http.HttpVersion;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.message.BasicHttpResponse;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** A read that breaks continues with the rest of the same version of the object, or it is a broken read. */
class ResumingStreamTest {

    private static final String FILE = "0123456789";
    private static final String WHOLE = "Content-Length: 10, ETag: \"one\"";

    private final AtomicLong clock = new AtomicLong();
    private final List<Long> pauses = new ArrayList<>();
    private final Deadlines deadlines = ObjectGets.deadlines(clock::get, pauses::add, ShippedSettings.of(
            "filestream.download", DownloadSettings.class, Map.of("filestream.download.stall-timeout", "20ms")));
    private final Counter resumed = new SimpleMeterRegistry().counter("resumed");
    private final Counter givenUp = new SimpleMeterRegistry().counter("given-up");
    private final Queue<Object> rests = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final List<HttpGet> connections = new ArrayList<>();
    private final S3Store store = mock();

    /** A response with headers. Its body ends after a 3 or 9, and otherwise breaks after its bytes. */
    private ObjectResponse response(int status, String headers, String bytes) {
        HttpResponse head = new BasicHttpResponse(HttpVersion.HTTP_1_1, status, "");
        for (String header : headers.split(", ")) {
            head.addHeader(header.split(": ")[0], header.split(": ")[1]);
        }
        InputStream body = new ByteArrayInputStream(bytes.getBytes(StandardCharsets.UTF_8));
        connections.add(new HttpGet());
        return new ObjectResponse(head, new StoreHttpClient.ObjectBody(bytes.matches(".*[39]") ? body
                : new SequenceInputStream(body, new BrokenInputStream(() -> new IOException("reset"))),
                connections.get(connections.size() - 1), mock()));
    }

    private ObjectResponse rest(int offset, String bytes) {
        return response(206, "ETag: \"one\", Content-Range: bytes " + offset + "-9/10", bytes);
    }

    @BeforeEach
    void storeSendsTheRests() {
        when(store.send(any(), any(), any())).thenAnswer(call -> {
            GetObjectRequest request = call.getArgument(0);
            requests.add(request.range() + " " + request.ifMatch() + " " + request.checksumMode());
            if (rests.remove() instanceof ObjectResponse rest) {
                return rest;
            }
            throw SdkClientException.create("unreachable");
        });
    }

    private ResumingStream stream(ObjectResponse first) {
        ObjectGet get = new ObjectGet(RequestObject.complete("files", "demo/a"), ObjectGets.ORIGIN,
                deadlines.ofFirstByte());
        return new ResumingStream(get, get.handOver(get.responded(first, store), get.origin.object()), deadlines,
                resumed, givenUp);
    }

    private void assertGivenUp(ResumingStream stream, String reason) {
        assertThatExceptionOfType(IOException.class).isThrownBy(stream::readAllBytes)
                .withMessageContaining("; not resumed: " + reason);
        assertThat(givenUp.count()).isEqualTo(1);
        stream.abort();
        assertThat(connections).allMatch(HttpGet::isAborted);
    }

    @Test
    void restIsRequestedByOffsetAndVersionAsOftenAsItBreaksAfterAByte() throws IOException {
        for (int offset = 1; offset < 10; offset++) {
            rests.add(rest(offset, FILE.substring(offset, offset + 1)));
        }
        ResumingStream stream = stream(response(200, WHOLE, "0"));

        assertThat(stream.readAllBytes()).asString().isEqualTo(FILE);
        assertThat(requests).startsWith("bytes=1- \"one\" null", "bytes=2- \"one\" null").hasSize(9);
        assertThat(resumed.count()).isEqualTo(9);
        assertThat(givenUp.count()).isZero();
        assertThat(connections).as("those that broke").filteredOn(HttpGet::isAborted).hasSize(9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "206 | ETag: \"one\", Content-Range: bytes 4-9/10 |",
        "200 | ETag: \"one\", Content-Range: bytes 4-9/10 | the store responded with 200 to a request for a range",
        "206 | ETag: \"one\", Content-Range: bytes 3-9/10 | the store sent bytes 3-9/10 and not bytes 4-9/10",
        "206 | ETag: \"one\", Content-Range: bytes 4-9/11 | the store sent bytes 4-9/11 and not bytes 4-9/10",
        "206 | ETag: \"one\"                              | the store sent null and not bytes 4-9/10",
        "206 | ETag: \"two\", Content-Range: bytes 4-9/10 | the object changed",
        "206 | Content-Range: bytes 4-9/10                | the object changed"})
    void onlyTheRestOfTheSameVersionIsRead(int status, String headers, String refusal) throws IOException {
        rests.add(response(status, headers, "456789"));
        ResumingStream stream = stream(response(200, WHOLE, "0123"));

        if (refusal == null) {
            assertThat(stream.readAllBytes()).asString().isEqualTo(FILE);
        } else {
            assertGivenUp(stream, refusal);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Content-Length: 10                                 | 0123 | the object has no strong ETag",
        "Content-Length: 10, ETag: W/\"one\"                | 0123 | the object has no strong ETag",
        "ETag: \"one\"                                      | 012  | the store announced no length",
        "ETag: \"one\", x-amz-checksum-crc32: AAAAAA==      | 9    | the store announced no length",
        "Content-Length: 1, ETag: \"one\", x-amz-checksum-crc32: AAAAAA== | 9 | no byte is missing"})
    void objectWithoutVersionOrLengthOrWithAnotherChecksumIsABrokenRead(String headers, String bytes, String refusal) {
        assertGivenUp(stream(response(200, headers, bytes)), refusal);
        assertThat(requests).isEmpty();
    }

    @Test
    void onlyAFastChecksumOfTheWholeObjectIsCompared() throws IOException {
        rests.add(rest(4, "456789"));
        ResumingStream whole = stream(response(200, WHOLE + ", x-amz-checksum-crc32: poTHxg==", "0123"));
        assertThat(whole.hasChecksum()).isTrue();
        assertThat(whole.readAllBytes()).asString().isEqualTo(FILE);
        for (String ignored : List.of("crc32: AAAAAA==-2", "crc64nvme: AAAAAAAAAAA=")) {
            ResumingStream stream = stream(response(200, WHOLE + ", x-amz-checksum-" + ignored, FILE));
            assertThat(stream.hasChecksum()).as(ignored).isFalse();
            assertThat(stream.readAllBytes()).asString().isEqualTo(FILE);
        }
        ResumingStream unknown = stream(response(200, "ETag: \"one\", x-amz-checksum-crc32: poTHxg==", FILE));
        assertThat(unknown.read()).isEqualTo('0');
        assertThat(unknown.readAllBytes()).asString().isEqualTo(FILE.substring(1));
        assertThatExceptionOfType(IOException.class).as("before the last byte is given").isThrownBy(
                stream(response(200, "Content-Length: 1, x-amz-checksum-crc32: AAAAAA==", "9"))::read);
    }

    /** @param parts the bytes of each response, one after the other; a slash is a store that fails */
    @ParameterizedTest
    @CsvSource({"'0123,4,,,,56789', resumed 4 times, 2", "',0,,1,,2,,3,,4,,56789', resumed 10 times, 4",
        "'0123,/', unreachable, 0"})
    void attemptsEndAfterThreeWithoutAByteAndAfterTenAndWithTheStore(String parts, String refusal, int paused) {
        String[] each = parts.split(",");
        int offset = each[0].length();
        for (String bytes : List.of(each).subList(1, each.length)) {
            rests.add(bytes.equals("/") ? bytes : rest(offset, bytes));
            offset += bytes.length();
        }

        ResumingStream stream = stream(response(200, WHOLE, each[0]));
        assertThatExceptionOfType(IOException.class).isThrownBy(stream::readAllBytes)
                .withMessageContaining("; not resumed: " + refusal);
        assertThat(rests).hasSize(refusal.equals("unreachable") ? 0 : 1);
        assertThat(pauses).as("not before a first attempt").hasSize(paused).allMatch(millis -> millis < 400);
        assertThat(givenUp.count()).isEqualTo(1);
    }

    /** The first chunk has the deadline of the request, and each further one its own. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readResumesUntilTheDeadlineOfItsChunk(boolean first) throws IOException {
        ResumingStream stream = stream(response(200, WHOLE, "0123"));
        stream.nextChunk(first);
        clock.addAndGet(Duration.ofMillis(20).toNanos());

        if (first) {
            rests.add(rest(4, "456789"));
            assertThat(stream.readAllBytes()).asString().isEqualTo(FILE);
        } else {
            assertGivenUp(stream, "filestream.download.stall-timeout has passed");
        }
    }

    @Test
    void interruptedReadNeitherReadsNorResumes() {
        ResumingStream stream = stream(response(200, WHOLE, FILE));
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(IOException.class).isThrownBy(stream::read)
                .withMessageEndingWith("not resumed: interrupted").withCauseInstanceOf(AbortedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(requests).isEmpty();
    }

    @Test
    void streamGivesSingleBytesAndALinkAndEndsItsConnection() throws IOException {
        when(store.link(any(), any())).thenReturn(new Secret("https://files.example.com/a"));
        ResumingStream stream = stream(response(200, "Content-Length: 3, ETag: \"one\"", "\u00e99"));

        assertThat(List.of(stream.read(), stream.read(), stream.read(), stream.read()))
                .containsExactly(0xc3, 0xa9, (int) '9', -1);
        assertThat(stream.link(Duration.ofHours(1), "text/plain", "inline").reveal()).endsWith("/a");
        stream.abort();
        assertThat(connections).allMatch(HttpGet::isAborted);
    }
}
