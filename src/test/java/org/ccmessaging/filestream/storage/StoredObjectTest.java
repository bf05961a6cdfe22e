package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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

    /** A connection to a store that counts how it ends. */
    private static final class Connection extends InputStream implements StoredObject.Source {

        private final InputStream content;
        private RuntimeException failure;
        private IOException change;
        private int aborted;
        private int comparisons;

        Connection(int bytes) {
            this.content = new ByteArrayInputStream(new byte[bytes]);
        }

        @Override
        public int read() throws IOException {
            return content.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (failure != null) {
                throw failure;
            }
            return content.read(buffer, offset, length);
        }

        @Override
        public void abort() {
            aborted++;
        }

        @Override
        public void requireUnchanged() throws IOException {
            comparisons++;
            if (change != null) {
                throw change;
            }
        }

        StoredObject announcing(long length) {
            return new StoredObject(this, length, 1_000_000, this);
        }

        void assertAborted() {
            assertThat(aborted).as("aborted").isEqualTo(1);
        }
    }

    private static Exchange exchange() {
        return new DefaultExchange(new DefaultCamelContext());
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "100, 40", "100, 101", "0, 10", "0, 0"})
    void objectAsLongAsAnnouncedIsReadToItsEnd(int bytes, int buffer) {
        Connection connection = new Connection(bytes);
        StoredObject object = connection.announcing(bytes);
        int read = 0;
        int count;
        do {
            count = object.fill(new byte[buffer]);
            read += count;
        } while (!object.ended());

        assertThat(read).isEqualTo(bytes);
        assertThat(connection.comparisons).isEqualTo(1);
        assertThat(object.fill(new byte[10])).as("after the end").isZero();
        assertThat(connection.comparisons).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"100, 40", "100, 100", "100, 101", "0, 10"})
    void objectOfUnknownLengthEndsWhereItsBytesEnd(int bytes, int buffer) {
        StoredObject object = new Connection(bytes).announcing(StoredObject.UNKNOWN_LENGTH);
        int read = 0;
        while (!object.ended()) {
            read += object.fill(new byte[buffer]);
        }

        assertThat(read).isEqualTo(bytes);
        assertThat(object.length()).isEqualTo(StoredObject.UNKNOWN_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99})
    void objectThatEndsEarlyIsABrokenRead(int bytes) {
        StoredObject object = new Connection(bytes).announcing(100);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> object.fill(new byte[100]))
                .withMessage("read broke after %d of 100 bytes: the object ended early", bytes);
        assertThat(object.ended()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 100, 200})
    void objectThatIsLongerThanAnnouncedIsABrokenRead(int buffer) {
        StoredObject object = new Connection(200).announcing(100);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> {
            while (!object.ended()) {
                object.fill(new byte[buffer]);
            }
        });
        assertThat(object.ended()).isFalse();
    }

    @Test
    void emptyObjectThatHasBytesIsABrokenRead() {
        StoredObject object = new Connection(1).announcing(0);

        assertThatThrownBy(() -> object.fill(new byte[0])).isInstanceOf(ReadBrokenException.class)
                .hasMessageContaining("longer than announced");
    }

    @Test
    void runtimeExceptionOfTheStorageClientIsABrokenRead() {
        Connection connection = new Connection(100);
        StoredObject object = connection.announcing(StoredObject.UNKNOWN_LENGTH);
        object.fill(new byte[10]);
        connection.failure = new IllegalStateException("checksum mismatch");

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> object.fill(new byte[10]))
                .withMessage("read broke after 10 of unknown bytes: checksum mismatch")
                .withCause(connection.failure);
        object.close();
        connection.assertAborted();
    }

    @Test
    void objectThatChangedWhileItWasReadIsABrokenRead() {
        Connection connection = new Connection(100);
        connection.change = new IOException("the file changed while it was read");
        StoredObject object = connection.announcing(100);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> object.fill(new byte[100]))
                .withCause(connection.change);
        assertThat(object.ended()).isFalse();
        object.close();
        connection.assertAborted();
    }

    @Test
    void objectOfUnknownLengthIsRefusedAsSoonAsItIsTooLarge() {
        Connection connection = new Connection(100);
        StoredObject object = new StoredObject(connection, StoredObject.UNKNOWN_LENGTH, 50, connection);
        object.fill(new byte[50]);

        assertThatExceptionOfType(FileServiceRefusedException.class).isThrownBy(() -> object.fill(new byte[1]))
                .withMessage("51 bytes or more, filestream.download.max-file-size is 50");
        object.close();
        connection.assertAborted();
    }

    @Test
    void objectOfUnknownLengthAsLargeAsAllowedIsServed() {
        Connection connection = new Connection(50);
        StoredObject object = new StoredObject(connection, StoredObject.UNKNOWN_LENGTH, 50, connection);

        assertThat(object.fill(new byte[50])).isEqualTo(50);
        assertThat(object.fill(new byte[50])).isZero();
        assertThat(object.ended()).isTrue();
    }

    /** A read of the rest would have no deadline. */
    @ParameterizedTest
    @CsvSource({"100, 100", "101, 101", "100000, 100000", "100, -1"})
    void closeReadsNothing(int bytes, long announced) throws IOException {
        Connection connection = new Connection(bytes);
        StoredObject object = connection.announcing(announced);
        object.fill(new byte[100]);
        int left = connection.content.available();

        object.close();

        connection.assertAborted();
        assertThat(connection.content.available()).isEqualTo(left);
    }

    @Test
    void objectThatEndedEarlyIsAborted() {
        Connection connection = new Connection(10);
        StoredObject object = connection.announcing(11);
        assertThatThrownBy(() -> object.fill(new byte[11])).isInstanceOf(ReadBrokenException.class);

        object.close();

        connection.assertAborted();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000})
    void closingTwiceDoesNoHarm(long length) {
        StoredObject object = new Connection(0).announcing(length);

        object.close();
        object.close();
    }

    @Test
    void exchangeThatIsDoneClosesItsObject() {
        Connection connection = new Connection(100);
        Exchange exchange = exchange();
        StoredObject object = connection.announcing(100);
        object.attachTo(exchange);
        object.fill(new byte[30]);

        assertThat(exchange.getMessage().getBody()).isSameAs(object);
        assertThat(StoredObject.bytesRead(exchange)).isEqualTo(30);
        UnitOfWorkHelper.doneSynchronizations(exchange, exchange.getExchangeExtension().handoverCompletions());
        connection.assertAborted();
    }

    @Test
    void objectAnnouncedTooLargeIsRefusedUnreadAndStillClosedWithItsExchange() {
        Connection connection = new Connection(100);
        Exchange exchange = exchange();

        assertThatExceptionOfType(FileServiceRefusedException.class)
                .isThrownBy(() -> connection.announcing(1_000_001).attachTo(exchange));
        assertThat(StoredObject.bytesRead(exchange)).isZero();
        UnitOfWorkHelper.doneSynchronizations(exchange, exchange.getExchangeExtension().handoverCompletions());
        connection.assertAborted();
    }

    @Test
    void exchangeThatOpenedNothingHasReadNothing() {
        assertThat(StoredObject.bytesRead(exchange())).isZero();
    }
}
