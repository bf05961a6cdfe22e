package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExpectedErrors.Of(logger = "org.ccmessaging.filestream", texts = "was refused")
class TakeStreamTest {

    private static final byte[] FILE = "the file".getBytes(StandardCharsets.UTF_8);

    private final CamelContext context = new DefaultCamelContext();
    private final TakeStream step = step(Map.of("filestream.download.max-file-size", "20B"));

    private static TakeStream step(Map<String, Object> settings) {
        return new TakeStream(ShippedSettings.of("filestream.download", DownloadSettings.class, settings));
    }

    private Exchange customersExchange(Object body, String... headers) {
        Exchange exchange = new DefaultExchange(context);
        Confined.to(exchange, new ObjectLocation("archive", "demo", "demo/a.txt"));
        exchange.getMessage().setBody(body);
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getMessage().setHeader(headers[i], headers[i + 1]);
        }
        return exchange;
    }

    private StoredObject take(Object body, String... headers) {
        Exchange exchange = customersExchange(body, headers);
        step.process(exchange);
        return exchange.getMessage().getBody(StoredObject.class);
    }

    @Test
    void whatAComponentLeftIsTheFile() {
        for (Object body : List.of("the file", FILE, new ByteArrayInputStream(FILE))) {
            StoredObject object = take(body);
            assertThat(object.length()).isEqualTo(StoredObject.UNKNOWN_LENGTH);
            assertThat(object.fill(new byte[100])).isEqualTo(FILE.length);
            assertThat(object.ended()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "content-length", "CamelFileLength"})
    void fileHasTheAnnouncedLength(String header) {
        context.start();
        StoredObject object = take("the file", header, "8");
        assertThat(object.length()).isEqualTo(8);
        assertThat(object.fill(new byte[100])).isEqualTo(8);
        assertThat(object.ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "", "1, 8", "99999999999999999999"})
    void lengthThatIsNoNumberIsABrokenRead(String announced) {
        assertThatExceptionOfType(ReadBrokenException.class)
                .isThrownBy(() -> take("the file", "Content-Length", announced));
    }

    @Test
    void bodyThatIsNoStreamIsRefused() {
        for (Object body : new Object[] {null, Map.of("a", "b"), 8}) {
            assertThatExceptionOfType(FileServiceRefusedException.class).isThrownBy(() -> take(body))
                    .withMessageStartingWith("step take-stream got no stream for archive/demo/a.txt, but ");
        }
    }

    /** A route that sets throwExceptionOnFailure to false must not make a file of a page that describes an error. */
    @ParameterizedTest
    @CsvSource({"CamelHttpResponseCode, 206", "CamelHttpResponseCode, 302", "CamelHttpResponseCode, 404",
        "CamelHttpResponseCode, 500", "Content-Encoding, br", "Content-Length, 21"})
    void responseThatIsNotTheFileOrCompressedOrTooLargeIsRefused(String header, String value) {
        assertThatExceptionOfType(FileServiceRefusedException.class)
                .isThrownBy(() -> take("the file", "Content-Length", "8", header, value)).withMessageContaining(value);
    }

    /** The end of the connection would be the end of the file. */
    @Test
    void responseWithoutALengthIsTheFileOnlyIfChunksShowItsEnd() {
        assertThatExceptionOfType(ReadBrokenException.class)
                .isThrownBy(() -> take("the file", Exchange.HTTP_RESPONSE_CODE, "200"));
        assertThat(take("the file", Exchange.HTTP_RESPONSE_CODE, "200", "Transfer-Encoding", "chunked",
                "Content-Encoding", "identity").fill(new byte[100])).isEqualTo(FILE.length);
    }

    @Test
    void headersOfTheOtherSystemAreGone() {
        Exchange exchange = customersExchange("the file", "resultCode", "7", "Retry-After", "9");
        step.process(exchange);
        assertThat(exchange.getMessage().getHeaders()).isEmpty();
    }

    @Test
    void streamWithoutACustomerOrALocationIsUnauthorized() {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody("the file");
        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> step.process(exchange));
        Proved.tenant(exchange, "demo");
        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> step.process(exchange));
    }

    @Test
    void streamIsClosedWithItsExchangeAndWhenItIsRefused() throws IOException {
        for (String length : new String[] {"8", "x"}) {
            InputStream content = spy(new ByteArrayInputStream(FILE));
            Exchange exchange = customersExchange(content, "Content-Length", length);
            assertThat(catchThrowable(() -> step.process(exchange)) == null).isEqualTo(length.equals("8"));
            verify(content, never()).close();

            exchange.getUnitOfWork().done(exchange);

            verify(content, atLeastOnce()).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-byte-timeout", "stall-timeout"})
    void chunkThatIsLateNamesItsSetting(String setting) {
        Exchange exchange = customersExchange("the file");
        step(Map.of("filestream.download." + setting, "1ns")).process(exchange);
        StoredObject object = exchange.getMessage().getBody(StoredObject.class);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> {
            object.fill(new byte[4]);
            assertThat(setting).isEqualTo("stall-timeout");
            object.fill(new byte[4]);
        }).withMessageContaining("filestream.download." + setting);
    }
}
