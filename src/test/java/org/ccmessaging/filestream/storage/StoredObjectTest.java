package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredObjectTest {

    private static final CamelContext CAMEL = new DefaultCamelContext();

    private final StoredObject.Source source = mock();

    private StoredObject object(int bytes, long announced) {
        return object(new ByteArrayInputStream(new byte[bytes]), announced);
    }

    private StoredObject object(InputStream content, long announced) {
        return new StoredObject(content, announced, 1_000_000, source);
    }

    @ParameterizedTest
    @CsvSource({"100, 100, 100", "100, 40, 100", "100, 101, 100", "0, 10, 0", "0, 0, 0", "100, 40, -1", "100, 100, -1",
        "100, 101, -1", "0, 10, -1"})
    void objectAsLongAsAnnouncedOrOfUnknownLengthIsReadToItsEnd(int bytes, int buffer, long announced)
            throws IOException {
        StoredObject object = object(bytes, announced);
        int read = 0;
        do {
            read += object.fill(new byte[buffer]);
        } while (!object.ended());

        assertThat(object.length()).isEqualTo(announced);
        assertThat(read).isEqualTo(bytes);
        assertThat(object.fill(new byte[10])).as("after the end").isZero();
        verify(source).requireUnchanged();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99})
    void objectThatEndsEarlyIsABrokenRead(int bytes) {
        StoredObject object = object(bytes, 100);
        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> object.fill(new byte[100]))
                .withMessage("read broke after %d of 100 bytes: the object ended early", bytes);
        assertThat(object.ended()).isFalse();
        object.close();
        verify(source).abort();
    }

    @ParameterizedTest
    @CsvSource({"200, 100, 40", "200, 100, 100", "200, 100, 200", "1, 0, 0"})
    void objectThatIsLongerThanAnnouncedIsABrokenRead(int bytes, int announced, int buffer) {
        StoredObject object = object(bytes, announced);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> {
            while (!object.ended()) {
                object.fill(new byte[buffer]);
            }
        }).withMessageContaining("longer than announced");
        assertThat(object.ended()).isFalse();
    }

    @Test
    void runtimeExceptionOfTheStorageClientIsABrokenRead() throws IOException {
        InputStream content = spy(new ByteArrayInputStream(new byte[100]));
        StoredObject object = object(content, StoredObject.UNKNOWN_LENGTH);
        object.fill(new byte[10]);
        Exception failure = new IllegalStateException("checksum mismatch");
        doThrow(failure).when(content).read(any(), anyInt(), anyInt());

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> object.fill(new byte[10]))
                .withMessage("read broke after 10 of unknown bytes: checksum mismatch").withCause(failure);
    }

    @Test
    void objectThatChangedWhileItWasReadIsABrokenRead() throws IOException {
        IOException change = new IOException("the file changed while it was read");
        doThrow(change).when(source).requireUnchanged();
        StoredObject object = object(100, 100);
        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> object.fill(new byte[100]))
                .withCause(change);
        assertThat(object.ended()).isFalse();
    }

    @Test
    void objectOfUnknownLengthIsRefusedAsSoonAsItIsTooLarge() {
        StoredObject object = object(1_000_001, StoredObject.UNKNOWN_LENGTH);
        object.fill(new byte[1_000_000]);
        assertThatExceptionOfType(FileServiceRefusedException.class).isThrownBy(() -> object.fill(new byte[1]))
                .withMessage("1000001 bytes or more, filestream.download.max-file-size is 1000000");
    }

    /** A read of the rest would have no deadline. */
    @ParameterizedTest
    @CsvSource({"100, 100", "101, 101", "100000, 100000", "100, -1"})
    void closeReadsNothing(int bytes, long announced) throws IOException {
        InputStream content = new ByteArrayInputStream(new byte[bytes]);
        StoredObject object = object(content, announced);
        object.fill(new byte[100]);
        int left = content.available();

        object.close();

        verify(source).abort();
        assertThat(content.available()).isEqualTo(left);
    }

    @Test
    void exchangeKnowsWhatItHasReadAndClosesItsObjectWhenItIsDone() {
        Exchange exchange = new DefaultExchange(CAMEL);
        StoredObject object = object(100, 100);
        object.attachTo(exchange);
        object.fill(new byte[30]);

        assertThat(exchange.getMessage().getBody()).isSameAs(object);
        assertThat(StoredObject.bytesRead(exchange)).isEqualTo(30);
        for (Exchange other : new Exchange[] {new DefaultExchange(CAMEL), exchange.copy()}) {
            assertThat(StoredObject.bytesRead(other)).as("of an exchange that opened nothing").isZero();
        }
        UnitOfWorkHelper.doneSynchronizations(exchange, exchange.getExchangeExtension().handoverCompletions());
        verify(source).abort();
    }

    @Test
    void objectAnnouncedTooLargeIsRefusedUnreadAndStillClosedWithItsExchange() {
        Exchange exchange = new DefaultExchange(CAMEL);
        assertThatExceptionOfType(FileServiceRefusedException.class)
                .isThrownBy(() -> object(100, 1_000_001).attachTo(exchange));
        assertThat(StoredObject.bytesRead(exchange)).isZero();
        UnitOfWorkHelper.doneSynchronizations(exchange, exchange.getExchangeExtension().handoverCompletions());
        verify(source).abort();
    }
}
