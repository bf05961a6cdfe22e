package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;

/** A response is JSON, with {@code 0} only for the complete file, however the storage reads and breaks. */
class EnvelopeFuzzTest {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    @AutoClose
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static ReadFirstChunk firstChunk;

    @BeforeAll
    static void start() throws Exception {
        RouteBuilder.addRoutes(CAMEL, routes -> routes.from("direct:failure-outcome")
                .setHeader("resultCode", routes.constant("13"))
                .setHeader("resultDesc", routes.simple("\"${body.message}\"\\\u2028")));
        CAMEL.start();
        firstChunk = new ReadFirstChunk(ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of()),
                Made.outcomes(CAMEL));
    }

    /** The response of a failure, or to a file that a storage reads and breaks. */
    @FuzzTest
    void response(FuzzedDataProvider data) throws Exception {
        if (data.consumeBoolean()) {
            assertJson(data.consumeInt(200, 599), data.consumeString(10), data.consumeRemainingAsString());
        } else {
            assertTruth(new Odd(data));
        }
    }

    private static void assertJson(int status, String code, String text) throws IOException {
        JsonNode json = JSON.readTree(new Outcome(code, text).json(status));

        assertThat(json.get(status == 200 ? "resultDesc" : "exceptionInfo").asText()).isEqualTo(utf8(text));
        assertThat(json.get(status == 200 ? "resultCode" : "errorCode").asText())
                .isEqualTo(status == 200 ? utf8(code) : Integer.toString(status));
    }

    /** Half a character becomes a question mark. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** Reads in pieces of random lengths, and breaks at a place. */
    private static final class Odd extends InputStream implements StoredObject.Source {

        private final byte[] content;
        private final long announced;
        private final Random random;
        private final int breaksAt;
        private final boolean changes;
        private int at;

        Odd(FuzzedDataProvider data) {
            int[] borders = {0, 1, 16_384, 49_152, 98_304, 150_000};
            int length = Math.max(0, borders[data.consumeInt(0, borders.length - 1)] + data.consumeInt(-3, 3));
            int known = data.consumeBoolean() ? length : Math.max(0, length + data.consumeInt(-2, 2));
            announced = data.consumeBoolean() ? known : StoredObject.UNKNOWN_LENGTH;
            breaksAt = data.consumeBoolean() ? -1 : data.consumeInt(0, length);
            changes = data.consumeBoolean();
            random = new Random(data.consumeLong());
            content = new byte[length];
            random.nextBytes(content);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int from, int most) throws IOException {
            if (at == breaksAt) {
                throw new IOException("reset");
            }
            if (at == content.length) {
                return -1;
            }
            int next = at < breaksAt ? Math.min(breaksAt, content.length) : content.length;
            int count = Math.min(most, 1 + random.nextInt(Math.min(next - at, 1 + random.nextInt(20_000))));
            System.arraycopy(content, at, buffer, from, count);
            at += count;
            return count;
        }

        @Override
        public void abort() { }

        @Override
        public void requireUnchanged() throws IOException {
            if (changes) {
                throw new IOException("changed");
            }
        }
    }

    private static void assertTruth(Odd storage) throws Exception {
        byte[] content = storage.content;
        boolean differs = storage.changes || storage.announced >= 0 && storage.announced != content.length;
        Exchange exchange = new DefaultExchange(CAMEL);
        new StoredObject(storage, storage.announced, 1_000_000, storage).attachTo(exchange);
        exchange.getMessage().setHeader("resultCode", "0");
        try {
            firstChunk.process(exchange);
        } catch (EmptyFileException empty) {
            assertThat(content.length == 0 || storage.announced == 0).isTrue();
            return;
        } catch (ReadBrokenException broken) {
            return;
        }
        if (exchange.getMessage().getBody() instanceof byte[] all) {
            assertThat(Arrays.equals(all, content)).isTrue();
            assertThat(differs).isFalse();
            return;
        }
        new EncodeStream().process(exchange);
        new Respond().process(exchange);
        MadeResponse.WritableBody body = Made.response(exchange.getMessage()).body();
        long length = body.length();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Outcome outcome = body.writeTo(out);
        JsonNode json = JSON.readTree(out.toByteArray());
        byte[] file = Base64.getDecoder().decode(json.get("fileStream").asText());
        assertThat(json.get("resultCode").asText()).isEqualTo(outcome.resultCode());
        assertThat(length < 0 || length == out.size()).isTrue();
        if (outcome.resultCode().equals("0")) {
            assertThat(Arrays.equals(file, content)).isTrue();
            assertThat(differs).isFalse();
        } else {
            assertThat(file.length <= content.length
                    && Arrays.equals(file, Arrays.copyOf(content, file.length))).isTrue();
        }
    }
}
