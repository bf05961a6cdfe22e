package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.BasicHttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.ConnectorStream;
import org.ccmessaging.filestream.toolkit.ExchangeBudget;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExpectedErrors.Of(logger = "org.ccmessaging.filestream", texts = "was refused")
class TakeStreamTest {

    private static final byte[] FILE = "the file".getBytes(StandardCharsets.UTF_8);

    private final CamelContext context = new DefaultCamelContext();
    private final DownloadSettings settings = ShippedSettings.of("filestream.download", DownloadSettings.class,
            Map.of("filestream.download.max-file-size", "20B"));
    private final TakeStream step = new TakeStream(settings);

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

    private static ConnectorStream ofConnector(byte[] bytes) {
        return new ConnectorStream(new ByteArrayInputStream(bytes));
    }

    @Test
    void streamOfAConnectorIsAFileWhoseLengthIsUnknown() {
        StoredObject object = take(customersExchange(ofConnector(FILE)));

        assertThat(object.length()).isEqualTo(StoredObject.UNKNOWN_LENGTH);
        assertThat(object.fill(new byte[100])).isEqualTo(FILE.length);
        assertThat(object.ended()).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @MethodSource("things")
    void thingThatARouteMakesOrCamelWouldOpenIsRefused(Object body) {
        assertThatExceptionOfType(FileServiceRefusedException.class)
                .isThrownBy(() -> step.process(customersExchange(body)))
                .withMessageStartingWith("step take-stream got no response of step request-stream and no stream of a"
                        + " connector, but ");
    }

    static List<Object> things() throws IOException {
        return List.of("the file", FILE, new File("/proc/self/environ"), Path.of("/proc/self/environ"),
                Path.of("pom.xml").toUri().toURL(), new StringReader("the file"), new ByteArrayInputStream(FILE),
                List.of("the file"));
    }

    @Test
    void fileThatIsTooLargeIsRefusedWhereItTurnsOut() {
        assertThatExceptionOfType(FileServiceRefusedException.class)
                .isThrownBy(() -> take(customersExchange(ofConnector(new byte[21]))).fill(new byte[100]));
    }

    @Test
    void streamWithoutACustomerOrALocationIsUnauthorized() {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(ofConnector(FILE));
        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> step.process(exchange));

        Proved.tenant(exchange, "demo");
        assertThatExceptionOfType(UnauthorizedException.class).isThrownBy(() -> step.process(exchange));
    }

    @Test
    void readsBeforeTheResponseEndWithTheTimeOfTheRoutes() throws Exception {
        Exchange exchange = customersExchange(null);
        ExchangeBudget.of(exchange).step(exchange, 500, "the step", true);
        await().until(() -> ExchangeBudget.of(exchange).millisLeft() < 0);
        exchange.getMessage().setBody(response(exchange, "\"1\""));
        StoredObject object = take(exchange);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> object.fill(new byte[4]))
                .withMessageContaining("the stream took longer than filestream.routes.timeout allows");
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-byte-timeout", "stall-timeout"})
    void chunkThatIsLateNamesItsSetting(String setting) throws Exception {
        DownloadSettings hurried = ShippedSettings.of("filestream.download", DownloadSettings.class,
                Map.of("filestream.download." + setting, "1ns"));
        Exchange exchange = customersExchange(ofConnector(FILE));
        new TakeStream(hurried).process(exchange);
        StoredObject object = exchange.getMessage().getBody(StoredObject.class);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> {
            object.fill(new byte[4]);
            assertThat(setting).isEqualTo("stall-timeout");
            object.fill(new byte[4]);
        }).withMessageContaining("filestream.download." + setting);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void responseWithoutALengthIsTheFileOnlyIfChunksShowItsEnd(boolean chunked) throws Exception {
        ClassicHttpResponse response = new BasicClassicHttpResponse(200);
        response.setEntity(new BasicHttpEntity(new ByteArrayInputStream(FILE), -1, null, null, chunked));
        ThrowingCallable complete = () -> assertThat(RequestStream.complete(response, () -> { },
                new ObjectLocation("archive", "demo", "demo/a.txt"), settings)).isNotNull();

        if (chunked) {
            assertThatNoException().isThrownBy(complete);
        } else {
            assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(complete);
        }
    }

    private StreamResponse response(Exchange exchange, String etag) throws IOException {
        ClassicHttpResponse response = new BasicClassicHttpResponse(200);
        response.setEntity(new ByteArrayEntity(FILE, null));
        response.setHeader("ETag", etag);
        return RequestStream.complete(response, () -> { }, ConfinedLocation.require(exchange), settings);
    }

    @Test
    void responseIsTakenOnceAndForItsLocationAlone() throws Exception {
        Exchange other = customersExchange(null);
        Exchange exchange = customersExchange(null);
        StreamResponse response = response(exchange, "\"1\"");
        other.getMessage().setBody(response);
        exchange.getMessage().setBody(response);

        assertThatExceptionOfType(FileServiceRefusedException.class).isThrownBy(() -> step.process(other));
        assertThat(take(exchange).fill(new byte[100])).isEqualTo(FILE.length);
        exchange.getMessage().setBody(response);
        assertThatExceptionOfType(FileServiceRefusedException.class).isThrownBy(() -> step.process(exchange));
    }

    /** A connector's stream has no header, and that of the first response must not count for it. */
    @Test
    void strongETagAloneNamesTheVersion() throws Exception {
        Exchange exchange = customersExchange(null);
        exchange.getMessage().setBody(response(exchange, "\"1\""));
        step.process(exchange);
        new GiveStream().process(exchange);

        exchange.getMessage().setBody(ofConnector(FILE));
        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> step.process(exchange));
        exchange.getMessage().setBody(response(exchange, "W/\"1\""));
        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> step.process(exchange));
        exchange.getMessage().setBody(response(exchange, "\"1\""));
        assertThat(take(exchange).fill(new byte[100])).isEqualTo(FILE.length);
    }
}
