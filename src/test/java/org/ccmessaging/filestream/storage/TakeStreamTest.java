package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TakeStreamTest {

    @RegisterExtension
    static final ExpectedErrors REFUSALS = ExpectedErrors.of("org.ccmessaging.filestream", "was refused");

    private static final byte[] FILE = "the file".getBytes(StandardCharsets.UTF_8);

    private final CamelContext context = new DefaultCamelContext();
    private final AtomicInteger closed = new AtomicInteger();
    private final TakeStream step = new TakeStream(ShippedSettings.of("filestream.download", DownloadSettings.class,
            Map.of("filestream.download.max-file-size", "20B")));

    private InputStream stream(byte[] content) {
        return new ByteArrayInputStream(content) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    private Exchange customersExchange(Object body) {
        Exchange exchange = new DefaultExchange(context);
        Confined.to(exchange, new ObjectLocation("archive", "demo", "demo/a.txt"));
        exchange.getMessage().setBody(body);
        return exchange;
    }

    private StoredObject take(Exchange exchange) {
        step.process(exchange);
        return exchange.getMessage().getBody(StoredObject.class);
    }

    @Test
    void bytesAreAFileWhoseLengthIsKnown() {
        StoredObject object = take(customersExchange(FILE));

        assertThat(object.length()).isEqualTo(FILE.length);
        assertThat(object.fill(new byte[100])).isEqualTo(FILE.length);
        assertThat(object.ended()).isTrue();
    }

    @Test
    void textIsAFileInUtf8() {
        assertThat(take(customersExchange("\u00e4")).fill(new byte[100])).isEqualTo(2);
    }

    @Test
    void streamIsAFileThatEndsWhereItEnds() {
        StoredObject object = take(customersExchange(stream(FILE)));
        byte[] buffer = new byte[FILE.length];

        assertThat(object.length()).isEqualTo(StoredObject.UNKNOWN_LENGTH);
        assertThat(object.fill(buffer)).isEqualTo(FILE.length);
        assertThat(buffer).isEqualTo(FILE);
        assertThat(object.fill(buffer)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 9})
    void streamWithAnotherLengthThanItsHeaderSaysIsBroken(int length) {
        Exchange exchange = customersExchange(stream(FILE));
        exchange.getMessage().setHeader("Content-Length", Integer.toString(length));
        StoredObject object = take(exchange);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> object.fill(new byte[length]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "9223372036854775808", ""})
    void lengthThatIsNoNumberIsBroken(String length) {
        Exchange exchange = customersExchange(stream(FILE));
        exchange.getMessage().setHeader("Content-Length", length);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> step.process(exchange));
        assertThat(closed).hasValue(1);
    }

    @Test
    void fileThatIsTooLargeIsRefusedAtOnceOrWhereItTurnsOut() {
        assertThatExceptionOfType(FileServiceRefusedException.class)
                .isThrownBy(() -> step.process(customersExchange(new byte[21])));
        StoredObject object = take(customersExchange(stream(new byte[21])));

        assertThatExceptionOfType(FileServiceRefusedException.class).isThrownBy(() -> object.fill(new byte[100]));
    }

    @Test
    void streamWithoutACustomerIsUnauthorizedAndClosed() {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(stream(FILE));

        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> step.process(exchange));
        assertThat(closed).hasValue(1);
    }

    @Test
    void streamWithoutALocationIsUnauthorizedAndClosed() {
        Exchange exchange = new DefaultExchange(context);
        Proved.tenant(exchange, "demo");
        exchange.getMessage().setBody(stream(FILE));

        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> step.process(exchange));
        assertThat(closed).hasValue(1);
    }

    @Test
    void bodyThatIsNoStreamIsRefused() {
        assertThatExceptionOfType(FileServiceRefusedException.class)
                .isThrownBy(() -> step.process(customersExchange(null)))
                .withMessage("step take-stream got no stream but an empty body");
        assertThatExceptionOfType(FileServiceRefusedException.class)
                .isThrownBy(() -> step.process(customersExchange(context)))
                .withMessage("step take-stream got no stream but a DefaultCamelContext");
    }

    @Test
    void exchangeClosesTheStream() {
        Exchange exchange = customersExchange(stream(FILE));
        step.process(exchange);
        assertThat(closed).hasValue(0);

        exchange.getUnitOfWork().done(exchange);

        assertThat(closed).hasValue(1);
    }

    /** The second response has no header of its own, and that of the first must not stand for it. */
    @Test
    void strongETagAloneNamesTheVersion() {
        Exchange exchange = customersExchange(stream(FILE));
        exchange.getMessage().setHeader("ETag", "\"1\"");
        step.process(exchange);
        new GiveStream().process(exchange);

        exchange.getMessage().setBody(stream(FILE));
        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> step.process(exchange));
        exchange.getMessage().setBody(stream(FILE));
        exchange.getMessage().setHeader("ETag", "W/\"1\"");
        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> step.process(exchange));
        exchange.getMessage().setBody(stream(FILE));
        exchange.getMessage().setHeader("ETag", "\"1\"");
        assertThat(take(exchange).fill(new byte[100])).isEqualTo(FILE.length);
    }
}
