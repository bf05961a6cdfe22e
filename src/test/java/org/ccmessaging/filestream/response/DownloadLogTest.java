package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** A logger of its own, since other tests count the lines of downloads. */
@Timeout(60)
class DownloadLogTest {

    private static final String NAME = DownloadLogTest.class.getName();

    private final Logger logger = (Logger) LoggerFactory.getLogger(NAME);
    private final Console console = new Console();
    private final DownloadLog log = new DownloadLog(NAME);

    @BeforeEach
    void attach() {
        logger.setAdditive(false);
        console.start();
        logger.addAppender(console);
    }

    @AfterEach
    void detach() {
        console.free.countDown();
        log.destroy();
        logger.detachAppender(console);
        logger.setLevel(null);
    }

    private void write(int bytes) {
        log.write(List.of(new KeyValuePair("branch", "local"), new KeyValuePair("bytes", bytes)));
    }

    @Test
    void downloadDoesNotWaitForTheConsole() {
        write(1);
        write(2);

        assertThat(console.lines).isEmpty();
    }

    @Test
    void stopWritesWhatWaitsInOrder() {
        IntStream.range(0, 1000).forEach(this::write);
        console.free.countDown();
        log.destroy();

        assertThat(console.lines).extracting(line -> line.getMessage() + line.getKeyValuePairs())
                .containsExactlyElementsOf(IntStream.range(0, 1000)
                        .mapToObj(i -> "download[branch=\"local\", bytes=\"" + i + "\"]").toList());
        assertThat(console.lines).allMatch(line -> line.getThreadName().equals(Thread.currentThread().getName()));
    }

    @Test
    void downloadThatEndsAfterTheStopHasItsLine() {
        console.free.countDown();
        log.destroy();
        write(7);

        assertThat(console.lines).hasSize(1);
    }

    @Test
    void moreThanMayWaitWaitsAndIsNotLeftOut() throws Exception {
        Thread downloads = new Thread(() -> IntStream.range(0, 3000).forEach(this::write));
        downloads.start();
        await().until(() -> downloads.getState() == Thread.State.WAITING);
        console.free.countDown();
        downloads.join();
        log.destroy();

        assertThat(console.lines).hasSize(3000);
    }

    @Test
    void loggerThatIsOffHasNoLines() {
        console.free.countDown();
        logger.setLevel(Level.OFF);
        write(1);
        log.destroy();

        assertThat(console.lines).isEmpty();
    }

    /** Blocks until it is free, as one does whose reader is slow. */
    private static final class Console extends AppenderBase<ILoggingEvent> {

        private final CountDownLatch free = new CountDownLatch(1);
        private final List<ILoggingEvent> lines = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected void append(ILoggingEvent line) {
            try {
                free.await();
            } catch (InterruptedException stopped) {
                // The queue's way to say that this is the end; what waits is still to be written.
                Thread.currentThread().interrupt();
            }
            lines.add(line);
        }
    }
}
