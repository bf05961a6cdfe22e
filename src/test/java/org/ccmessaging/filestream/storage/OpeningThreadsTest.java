package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpeningThreadsTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final CountDownLatch closed = new CountDownLatch(2);

    /** {@code OpenFileTest} has the other end of a FIFO, for which nothing in Java can end the wait. */
    @Test
    void requestsDoNotWaitForOpensThatHangWhoseFilesAreClosedInTheEnd() {
        CountDownLatch hang = new CountDownLatch(1);
        OpeningThreads threads = new OpeningThreads(2, SHORT);
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(StorageUnreachableException.class)
                    .isThrownBy(() -> threads.open(() -> opened(hang)))
                    .withMessageContaining("opening takes more than");
        }
        assertThatExceptionOfType(StorageUnreachableException.class).isThrownBy(() -> threads.open(() -> () -> { }))
                .withMessageContaining("2 files are being opened");

        hang.countDown();
        await().until(() -> closed.getCount() == 0);
        Closeable file = () -> { };
        await().ignoreExceptionsInstanceOf(StorageUnreachableException.class)
                .untilAsserted(() -> assertThat(threads.open(() -> file)).isSameAs(file));
    }

    private Closeable opened(CountDownLatch hang) {
        try {
            hang.await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
        return closed::countDown;
    }

    @Test
    void interruptedRequestGivesUpAndWhatIsOpenedLaterIsClosed() {
        CountDownLatch given = new CountDownLatch(1);
        OpeningThreads threads = new OpeningThreads(1, LONG);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(StorageUnreachableException.class)
                .isThrownBy(() -> threads.open(() -> opened(given)));

        assertThat(Thread.interrupted()).isTrue();
        given.countDown();
        await().until(() -> closed.getCount() == 1);
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
