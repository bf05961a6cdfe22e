package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.admission.CheckRequest;
import org.ccmessaging.filestream.failure.FileTypeOutOfRangeException;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For any bytes and any pieces in which they arrive, a body is the request that Jackson's tree of the same bytes shows,
 * or a failure of the contract.
 */
class RequestFuzzTest {

    private static final CamelContext CAMEL = new DefaultCamelContext();
    private static final DownloadSettings SETTINGS =
            ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of());
    private static final ReadBody READ_BODY = new ReadBody();
    private static final JacksonDataFormat JSON = new JacksonDataFormat(RequestJson.mapper(), DownloadRequest.class);
    private static final CheckRequest CHECK = new CheckRequest(SETTINGS);
    private static final JsonMapper TREES = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** Reads pieces of any length, and breaks at a place. */
    private static final class Network extends FilterInputStream {

        private final int piece;
        private int left;

        Network(byte[] body, int piece, int left) {
            super(new ByteArrayInputStream(body));
            this.piece = piece;
            this.left = left;
        }

        @Override
        public int read(byte[] buffer, int from, int most) throws IOException {
            if (left == 0) {
                throw new IOException("reset");
            }
            int count = super.read(buffer, from, Math.min(Math.min(most, piece), left));
            left -= Math.max(count, 0);
            return count;
        }
    }

    private static Exchange request(InputStream body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        ClientRequest.keep(exchange, Map.of(), body, null);
        Proved.tenant(exchange, "demo");
        return exchange;
    }

    /** As step {@code parse-request} and clause {@code bad-request} do, and {@code check-request} for JSON null. */
    private static void parse(Exchange exchange) throws Exception {
        try {
            exchange.setVariable(Variables.REQUEST, JSON.unmarshal(exchange, exchange.getMessage().getBody()));
        } catch (JsonProcessingException fault) {
            exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, fault);
            throw new InvalidRequestException(new RequestJson().describe(exchange));
        }
        if (exchange.getVariable(Variables.REQUEST) == null) {
            CHECK.process(exchange);
        }
    }

    static Stream<byte[]> bodies() {
        String right = """
                {"fileId":"local/\u00e4","channel":"WEB","fileType":"txt","multiMedia":"","x":[1]}""";
        String odd = "{\"a\":[true,-0,1e400,\"\\u0000\\uD800\",{\"a\":{}}],\"a\":1,'x':NaN,/*x*/}";
        String name = "\"" + "n".repeat(9_000) + "\":1";
        return Stream.of(right, right.replace("\"\"", "null"), right + " ".repeat(65_536),
                "{" + " ".repeat(65_534) + "}", "null", odd,
                odd.replace(",\"a\":1,'x':NaN,/*x*/", ""), "{\"a\":" + "[".repeat(2_000),
                "{\"a\":" + "9".repeat(1_001) + "}", "\ufeff{}",
                // A name that a response header has no room for, given twice.
                "{" + name + "," + name + "}").map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("bodies")
    @FuzzTest
    void body(byte[] body) throws IOException {
        DownloadRequest expected = expected(body);
        int any = Arrays.hashCode(body) >>> 1;
        Exchange exchange = request(new Network(body, 1 + any % 7_000, Integer.MAX_VALUE));

        Throwable failure = catchThrowable(() -> {
            READ_BODY.process(exchange);
            parse(exchange);
        });

        assertThat(exchange.getVariable(Variables.REQUEST)).isEqualTo(expected);
        if (expected == null) {
            assertFault(failure);
        } else {
            assertThat(failure).isNull();
            assertChecked(exchange, expected);
        }
        int most = Math.min(body.length, ReadBody.LARGEST_BYTES);
        assertThatThrownBy(() -> READ_BODY.process(request(new Network(body, 1 + any % 7_000, any % (most + 1)))))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("malformed");
    }

    private static void assertFault(Throwable failure) {
        assertThat(failure).isInstanceOf(InvalidRequestException.class);
        assertThat(failure.getMessage()).isNotBlank().doesNotContain("com.fasterxml", "java.", "\n", "\r");
    }

    /** Returns {@code null} for a body that is no request, by sections 2 and 4.2 of the contract. */
    private static DownloadRequest expected(byte[] body) throws IOException {
        // JSON has no character 0, from which the parser of bytes would guess another encoding, and no byte order mark.
        if (body.length == 0 || body.length > ReadBody.LARGEST_BYTES || body[0] == (byte) 0xEF
                || new String(body, StandardCharsets.ISO_8859_1).indexOf(0) >= 0) {
            return null;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            JsonNode tree = TREES.readTree(body);
            String[] fields = {"fileId", "channel", "fileType", "multiMedia"};
            return !tree.isObject() || Stream.of(fields).anyMatch(name -> tree.hasNonNull(name)
                    && !tree.get(name).isTextual()) ? null : new DownloadRequest(tree.path(fields[0]).textValue(),
                    tree.path(fields[1]).textValue(), tree.path(fields[2]).textValue(),
                    tree.path(fields[3]).textValue());
        } catch (IOException malformed) {
            return null;
        }
    }

    private static void assertChecked(Exchange exchange, DownloadRequest request) {
        Throwable refused = catchThrowable(() -> CHECK.process(exchange));

        assertThat(ClientRequest.fileId(exchange)).isEqualTo(request.fileId());
        assertThat(exchange.getVariable(Variables.REQUEST)).isEqualTo(request);
        if ("WEB".equals(request.channel()) && Set.of("", "multiMedia").contains(
                Objects.requireNonNullElse(request.multiMedia(), ""))) {
            assertThat(refused == null ? null : refused.getClass()).isEqualTo(SETTINGS.fileTypes()
                    .contains(String.valueOf(request.fileType()).toLowerCase(Locale.ROOT)) ? null
                            : FileTypeOutOfRangeException.class);
        } else {
            assertFault(refused);
        }
    }

    /** Such as a text that an author's own step parses. */
    @Test
    void otherJsonThatIsMalformedIsNoFaultOfTheRequest() {
        Exchange exchange = request(InputStream.nullInputStream());
        exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, catchThrowable(() -> TREES.readTree("{")));

        assertThat(new RequestJson().describe(exchange)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'{ \n\u00ff'      | The body is not UTF-8: line 2, column 1.",
        "\u00ff            | The body is not UTF-8: line 1, column 1.",
        "{\"\u00c0\u00af       | The body is not UTF-8: line 1, column 3.",
        "{\"\u00ed\u00a0\u0080  | The body is not UTF-8: line 1, column 3.",
        "'{\n\"a\" 1}'      | Not JSON at line 2, column 5: Unexpected character",
        "{                 | Not JSON at line 1, column 2: Unexpected end-of-input: expected close marker for Object.",
        "{\"channel\":1}     | channel: a string is expected, at line 1, column 12."})
    void faultNamesItsPlace(String body, String fault) {
        Exchange exchange = request(new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)));

        assertThatThrownBy(() -> {
            READ_BODY.process(exchange);
            parse(exchange);
        }).isInstanceOf(InvalidRequestException.class).hasMessageStartingWith(fault);
    }
}
