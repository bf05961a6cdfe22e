package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which step {@code read-first-chunk} reads a file and makes its link. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream", texts = "was refused")
class ReadFirstChunkTest {

    private static final ReadFirstChunk STEP = new ReadFirstChunk(ShippedSettings.of("filestream.download",
            DownloadSettings.class, Map.of("filestream.download.file-url", "presigned",
                    "filestream.download.file-url-only-above", "10MB")), null);
    private static final int LIMIT = 10 * 1024 * 1024;

    /** Writes down what the step does with it. */
    private static final class Storage extends InputStream implements StoredObject.Source {

        private final List<String> calls = new ArrayList<>();
        private int left;
        private String linked;

        /** @param left calls of {@link #read} until the end; with 0 the connection breaks */
        Storage(int left) {
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            calls.add("read");
            if (left == 0) {
                throw new IOException("reset");
            }
            if (left == 1) {
                return -1;
            }
            left--;
            return 'x';
        }

        @Override
        public void abort() {
            calls.add("abort");
        }

        @Override
        public Secret link(Duration lifetime, String type, String contentDisposition) {
            calls.add("link");
            linked = type + "; " + contentDisposition;
            return new Secret("https://store.example.com/" + type);
        }
    }

    private static Exchange process(Storage storage, long length) {
        return process(storage, length, "film.mp4", "mp4");
    }

    private static Exchange process(Storage storage, long length, String fileId, String fileType) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable(Variables.REQUEST, new DownloadRequest(fileId, "WEB", fileType, null));
        new StoredObject(storage, length, Long.MAX_VALUE, storage).attachTo(exchange);
        STEP.process(exchange);
        return exchange;
    }

    @Test
    void linkIsMadeWhenTheFirstChunkHasBeenRead() {
        Storage storage = new Storage(LIMIT);

        process(storage, LIMIT);

        assertThat(storage.calls).startsWith("read").endsWith("link").doesNotContain("abort");
    }

    /** A browser runs no type that it shows, and saves any other, also one that an installation adds. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a.txt          | txt      | text/plain; inline; filename=\"a.txt\"",
        "a.txt          | PDF      | application/pdf; inline; filename=\"a.txt.pdf\"",
        "117972565873   | png      | image/png; inline; filename=\"117972565873.png\"",
        "a.b/photo.JPEG | jpg      | image/jpeg; inline; filename=\"photo.JPEG\"",
        "scan.bmp       | bpm      | image/bmp; inline; filename=\"scan.bmp\"",
        "a              | mp4      | video/mp4; inline; filename=\"a.mp4\"",
        "page.html      | txt      | text/plain; inline; filename=\"page.html.txt\"",
        "               | txt      | text/plain; inline; filename=\"file.txt\"",
        "a              | docx     | application/octet-stream; attachment; filename=\"a.docx\"",
        "a.RichText     | richtext | application/octet-stream; attachment; filename=\"a.RichText\"",
        "page.hta       | richtext | application/octet-stream; attachment; filename=\"page.hta.richtext\"",
        "a              | html     | application/octet-stream; attachment; filename=\"a.html\"",
        "a              | svg      | application/octet-stream; attachment; filename=\"a.svg\"",
        "a              | js       | application/octet-stream; attachment; filename=\"a.js\"",
        "a              | unknown  | application/octet-stream; attachment; filename=\"a.unknown\""})
    void linkHasTheTypeOfItsFileAndANameWithItsExtension(String fileId, String fileType, String linked) {
        Storage storage = new Storage(LIMIT);

        process(storage, LIMIT, fileId, fileType);

        assertThat(storage.linked).isEqualTo(linked);
    }

    @Test
    void fileThatCannotBeReadGetsNoLink() {
        Storage storage = new Storage(0);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> process(storage, LIMIT));

        assertThat(storage.calls).containsExactly("read");
    }

    @Test
    void fileAboveTheLimitIsNotReadAndItsConnectionIsClosedBeforeTheResponse() {
        Storage storage = new Storage(LIMIT);

        process(storage, LIMIT + 1);

        assertThat(storage.calls).containsExactly("link", "abort");
    }

    /** Up to {@code buffer-limit}, 16 KiB. */
    @ParameterizedTest
    @CsvSource({"1, 1, true", "1, -1, true", "16384, 16384, true", "16385, 16385, false", "16385, -1, false",
        "10485761, 10485761, false"})
    void smallFileIsInMemoryAndEachResponseHasItsLink(int length, long announced, boolean inMemory) throws Exception {
        Exchange exchange = process(new Storage(length + 1), announced);
        Message message = exchange.getMessage();
        message.setHeader("resultCode", "0");
        assertThat(exchange.getVariable(Variables.IN_MEMORY)).isEqualTo(inMemory);
        if (message.getBody() instanceof byte[] file) {
            assertThat(inMemory).isTrue();
            message.setBody(Base64.getEncoder().encode(file));
        } else {
            new EncodeStream().process(exchange);
        }
        new Respond().process(exchange);

        String file = length > LIMIT ? "" : "\"fileStream\":\""
                + Base64.getEncoder().encodeToString("x".repeat(length).getBytes(StandardCharsets.UTF_8)) + "\",";
        assertThat(Made.text(message)).isEqualTo("{" + file
                + "\"fileUrl\":\"https://store.example.com/video/mp4\",\"resultCode\":\"0\"}");
        assertThat(Made.response(message).body().length()).isIn((long) Made.text(message).length(), -1L);
        assertThat(Made.outcome(message)).isEqualTo(new Outcome("0", null));
        assertThat(Made.response(message).isFor(exchange)).isTrue();
        assertThat(Made.response(message).isFor(new DefaultExchange(exchange))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"13, 200, true", "13, 599, true", "13, 199, false", "13, 600, false", "123456, 200, false",
        "ok, 500, false"})
    void responseLeavesOnlyWithACodeAndAStatusThatExist(String code, int status, boolean leaves) throws Exception {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeaders(new HashMap<>(Map.of("resultCode", code, "CamelHttpResponseCode", status)));

        new Respond().process(exchange);

        assertThat(Made.text(exchange.getMessage())).contains(status == 200 ? code : String.valueOf(status));
        assertThat(Made.response(exchange.getMessage()).isFor(exchange)).isEqualTo(leaves);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "0")
    void bodyOfAClauseThatFollowsAFailureIsNoFile(String code) throws Exception {
        Exchange exchange = process(new Storage(2), 1);
        exchange.getMessage().setHeader("resultCode", code);
        exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, new IllegalStateException());

        new Respond().process(exchange);

        assertThat(exchange.getMessage().getBody()).isInstanceOf(byte[].class);
    }

    @Test
    void fileOfAnotherRequestIsNotRead() {
        Exchange exchange = process(new Storage(LIMIT), LIMIT);
        exchange.getMessage().setBody(new StoredObject(new Storage(2), 1, 1, new Storage(2)));

        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> STEP.process(exchange));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, LIMIT, LIMIT + 1})
    void bodyOnItsWayPrintsNoLink(int length) {
        Exchange exchange = process(new Storage(length + 1), length);

        assertThat(exchange.getMessage().getBody() + "" + exchange.getProperties()).doesNotContain("store.example.com");
    }
}
