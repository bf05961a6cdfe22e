package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Loggers of its own, since other tests count the lines of downloads. */
@Timeout(60)
class DownloadLogQueueTest {

    private static final String NAME = DownloadLogQueueTest.class.getName();
    private static final String CONSOLE = NAME + ".console";

    private final Logger logger = (Logger) LoggerFactory.getLogger(NAME);
    private final Logger consoleLogger = (Logger) LoggerFactory.getLogger(CONSOLE);
    private final Console console = new Console();
    private final DownloadLogQueue queue = new DownloadLogQueue(NAME, CONSOLE);

    DownloadLogQueueTest() throws InterruptedException {
        consoleLogger.setAdditive(false);
        console.start();
        consoleLogger.addAppender(console);
    }

    @AfterEach
    void detach() throws Exception {
        console.free.countDown();
        queue.destroy();
        consoleLogger.detachAppender(console);
        logger.setLevel(null);
    }

    private void write(int bytes) {
        logger.atInfo().addKeyValue("branch", "local").addKeyValue("bytes", bytes).log("download");
    }

    @Test
    void downloadDoesNotWaitForTheConsole() {
        write(1);
        write(2);

        assertThat(console.lines).isEmpty();
    }

    @Test
    void stopWritesTheWaitingLinesInOrder() throws Exception {
        IntStream.range(0, 1000).forEach(this::write);
        console.free.countDown();
        queue.destroy();

        assertThat(console.lines).extracting(line -> line.getMessage() + line.getKeyValuePairs())
                .containsExactlyElementsOf(IntStream.range(0, 1000)
                        .mapToObj(i -> "download[branch=\"local\", bytes=\"" + i + "\"]").toList());
        assertThat(console.lines).allMatch(line -> line.getThreadName().equals(Thread.currentThread().getName()));
    }

    @Test
    void downloadThatEndsAfterTheStopHasItsLine() throws Exception {
        console.free.countDown();
        queue.destroy();
        write(7);

        assertThat(console.lines).hasSize(1);
    }

    /** The stop begins when the download has found the queue running, and before its line is in the queue. */
    @Test
    void downloadThatEndsWhileTheQueueStopsHasItsLine() throws Exception {
        console.free.countDown();
        CountDownLatch foundTheQueue = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        LoggingEvent line = new LoggingEvent(NAME, logger, Level.INFO, "download", null, null) {
            @Override
            public void prepareForDeferredProcessing() {
                foundTheQueue.countDown();
                try {
                    stopping.await();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
                super.prepareForDeferredProcessing();
            }
        };
        Thread download = new Thread(() -> logger.callAppenders(line));
        Thread stop = new Thread(() -> {
            try {
                queue.destroy();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        download.start();
        foundTheQueue.await();
        stop.start();
        await().until(() -> stop.getState() == Thread.State.TIMED_WAITING || !stop.isAlive());
        stopping.countDown();
        download.join();
        stop.join();

        assertThat(console.lines).hasSize(1);
    }

    @Test
    void moreLinesThanMayWaitMakeDownloadsWaitAndAreNotLost() throws Exception {
        Thread downloads = new Thread(() -> IntStream.range(0, 3000).forEach(this::write));
        downloads.start();
        await().until(() -> downloads.getState() == Thread.State.WAITING);
        console.free.countDown();
        downloads.join();
        queue.destroy();

        assertThat(console.lines).hasSize(3000);
    }

    @Test
    void loggerThatIsOffHasNoLines() throws Exception {
        console.free.countDown();
        logger.setLevel(Level.OFF);
        write(1);
        queue.destroy();

        assertThat(console.lines).isEmpty();
    }

    @Test
    void severalServicesOfOneProcessWriteEachLineOnce() throws Exception {
        DownloadLogQueue second = new DownloadLogQueue(NAME, CONSOLE);
        console.free.countDown();
        write(1);
        queue.destroy();
        write(2);
        second.destroy();
        write(3);

        assertThat(console.lines).hasSize(3);
    }

    @Test
    void downloadDoesNotWaitForTheConsoleWhileAnotherServiceHasStopped() throws Exception {
        DownloadLogQueue second = new DownloadLogQueue(NAME, CONSOLE);
        second.destroy();
        write(1);

        assertThat(console.lines).isEmpty();
    }

    /** Blocks until it is free, as a console does whose reader is slow. */
    private static final class Console extends AppenderBase<ILoggingEvent> {

        private final CountDownLatch free = new CountDownLatch(1);
        private final List<ILoggingEvent> lines = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected void append(ILoggingEvent line) {
            try {
                free.await();
            } catch (InterruptedException stopped) {
                // The queue interrupts its thread at the stop. The waiting lines still have to be written.
                Thread.currentThread().interrupt();
            }
            lines.add(line);
        }
    }
}
