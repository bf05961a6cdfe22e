package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpeningThreadsTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final CountDownLatch closed = new CountDownLatch(1);

    @Test
    void requestGetsWhatWasOpenedOrTheReasonWhyNot() {
        OpeningThreads threads = new OpeningThreads(1, LONG);
        Closeable file = closed::countDown;

        assertThat(threads.open(() -> file)).isSameAs(file);
        assertThatExceptionOfType(ObjectNotFoundException.class).isThrownBy(() -> threads.open(() -> {
            throw new ObjectNotFoundException("no such file");
        }));
        assertThat(closed.getCount()).isEqualTo(1);
    }

    /** Nothing in Java can end an open that waits for the other end of a FIFO. */
    @Test
    void requestDoesNotWaitForAFifoAndItsDescriptorIsClosedOnceSomebodyOpensTheOtherEnd(@TempDir Path folder)
            throws Exception {
        Path fifo = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        AtomicReference<FileInputStream> opened = new AtomicReference<>();
        Supplier<Closeable> hangs = () -> {
            try {
                opened.set(new FileInputStream(fifo.toFile()));
                return opened.get();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        };
        OpeningThreads threads = new OpeningThreads(2, SHORT);

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> threads.open(hangs))
                .withMessageContaining("opening takes more than");
        assertThatThrownBy(() -> threads.open(hangs)).isInstanceOf(ReadBrokenException.class);
        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> threads.open(() -> () -> { }))
                .withMessageContaining("2 files are being opened");

        try (RandomAccessFile bothEnds = new RandomAccessFile(fifo.toFile(), "rw")) {
            assertThat(bothEnds.getFD().valid()).isTrue();
            await().until(() -> opened.get() != null && !opened.get().getFD().valid());
            await().ignoreExceptionsInstanceOf(ReadBrokenException.class)
                    .until(() -> threads.open(() -> closed::countDown) != null);
        }
    }

    @Test
    void interruptedRequestGivesUpAndWhatIsOpenedLaterIsClosed() {
        CountDownLatch given = new CountDownLatch(1);
        OpeningThreads threads = new OpeningThreads(1, LONG);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(ReadBrokenException.class).isThrownBy(() -> threads.open(() -> {
            try {
                given.await();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            return closed::countDown;
        }));

        assertThat(Thread.interrupted()).isTrue();
        given.countDown();
        await().until(() -> closed.getCount() == 0);
    }

    /** An open has no time at all here, so that its failure and its deadline often meet. */
    @Test
    void openThatFailsAtItsDeadlineHasItsOwnFailureOrTheDeadlines() {
        OpeningThreads threads = new OpeningThreads(64, Duration.ZERO);
        for (int i = 0; i < 2_000; i++) {
            assertThatThrownBy(() -> threads.open(() -> {
                throw new ObjectNotFoundException("no such file");
            })).isInstanceOfAny(ObjectNotFoundException.class, StorageUnreachableException.class);
        }
    }
}
