package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Step give-stream: another system reads the file, and the customer gets the same version of it or none. */
class GiveStreamTest {

    private static final int MOST = 1_000_000;

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private final StoredObject.Source source = mock();

    private StoredObject open(byte[] content, int length, String version) {
        when(source.version()).thenReturn(version);
        StoredObject object = new StoredObject(new ByteArrayInputStream(content), length, MOST, source);
        object.attachTo(exchange);
        return object;
    }

    private InputStream give() {
        new GiveStream().process(exchange);
        return exchange.getMessage().getBody(InputStream.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 48 * 1024, 48 * 1024 + 1, 500_000})
    void streamHasEveryByteAndEnds(int size) throws IOException {
        byte[] content = Stage.content(size);
        open(content, size, "\"1\"");

        InputStream stream = give();

        assertThat(stream.readNBytes(7)).isEqualTo(Arrays.copyOf(content, Math.min(7, size)));
        assertThat(stream.readAllBytes()).hasSize(Math.max(0, size - 7));
        assertThat(stream.read()).isEqualTo(-1);
        assertThat(stream.read(new byte[1], 0, 1)).isEqualTo(-1);
    }

    @Test
    void readBreaksWhereTheFileEndsEarly() {
        open(Stage.content(100), 101, "\"1\"");
        InputStream stream = give();

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(stream::readAllBytes);
    }

    @Test
    void closedStreamClosesTheFile() throws IOException {
        open(Stage.content(100), 100, "\"1\"");

        give().close();

        verify(source).abort();
    }

    @Test
    void sameVersionIsOpenedAgain() {
        open(Stage.content(100), 100, "\"1\"");
        give();

        StoredObject again = open(Stage.content(100), 100, "\"1\"");

        assertThat(exchange.getMessage().getBody()).isSameAs(again);
        assertThat(again.fill(new byte[100])).isEqualTo(100);
    }

    @Test
    void anotherVersionOrOneWithoutANameIsABrokenRead() {
        open(Stage.content(100), 100, "\"1\"");
        give();

        for (String other : new String[] {"\"2\"", null}) {
            assertThatExceptionOfType(ReadBrokenException.class)
                    .isThrownBy(() -> open(Stage.content(100), 100, other))
                    .withMessageContaining("changed after step give-stream");
        }
    }

    @Test
    void fileWithoutAVersionIsNotGiven() {
        open(Stage.content(100), 100, null);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(this::give)
                .withMessageContaining("without a version");
    }

    @Test
    void bodyThatIsNoOpenedFileIsNotGiven() {
        exchange.getMessage().setBody("a text");

        assertThatIllegalStateException().isThrownBy(this::give).withMessageContaining("no opened file");
    }

    /** The customer would get the rest as the file. */
    @Test
    void fileThatAnotherSystemReadsIsNotTheCustomers() {
        StoredObject object = open(Stage.content(100), 100, "1");
        give();

        assertThatIllegalStateException().isThrownBy(() -> object.requireWhole(exchange))
                .withMessageContaining("open it again");
    }

    @Test
    void fileOfWhichSomethingHasBeenReadIsGivenToNobody() {
        StoredObject object = open(Stage.content(100), 100, "1");
        object.fill(new byte[10]);

        assertThatIllegalStateException().isThrownBy(() -> object.requireWhole(exchange));
        assertThatIllegalStateException().isThrownBy(this::give);
    }
}
