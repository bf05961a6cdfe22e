package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.observe.ConsoleQueue.MOST_WAITING;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

@Timeout(60)
class ConsoleQueueTest {

    @RegisterExtension
    static final ExpectedErrors EXPECTED =
            ExpectedErrors.of(ConsoleQueue.class.getName(), "lines were dropped since the start");

    private static final Duration FOR_EVER = Duration.ofHours(1);

    /** If each line waited, the tests would take longer than they may. */
    private static final Duration SHORT = Duration.ofMillis(100);

    private final Logger logger = (Logger) LoggerFactory.getLogger(ConsoleQueueTest.class);
    private final Console console = new Console();
    private ConsoleQueue queue;

    private void start(Duration longestWait) {
        console.setContext(logger.getLoggerContext());
        console.start();
        queue = new ConsoleQueue(console, longestWait);
        queue.start();
    }

    @AfterEach
    void stop() {
        console.free.countDown();
        queue.stop();
    }

    private LoggingEvent line(String message) {
        return new LoggingEvent(ConsoleQueueTest.class.getName(), logger, Level.INFO, message, null, null);
    }

    private void write(int from, int to) {
        IntStream.range(from, to).forEach(i -> queue.doAppend(line("line " + i)));
    }

    private void writeAudit(int from, int to) {
        IntStream.range(from, to).forEach(i -> {
            LoggingEvent line = line("audit " + i);
            line.addMarker(LogText.AUDIT);
            queue.doAppend(line);
        });
    }

    /** The console holds the first line and the queue is full. */
    private void fill() {
        write(0, 1);
        await().until(() -> console.busy);
        write(1, MOST_WAITING + 1);
        assertThat(queue.dropped()).isZero();
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }

    @Test
    void lineDoesNotWaitForTheConsole() {
        start(FOR_EVER);
        write(0, 2);

        assertThat(console.lines).isEmpty();
    }

    @Test
    void stopWritesTheWaitingLinesInOrderAndUnderTheirThreads() {
        start(FOR_EVER);
        fill();
        console.free.countDown();
        queue.stop();

        assertThat(console.messages()).isEqualTo(lines(0, MOST_WAITING + 1));
        assertThat(console.lines).allMatch(line -> line.getThreadName().equals(Thread.currentThread().getName()));
        assertThat(console.isStarted()).isFalse();
    }

    @Test
    void moreLinesThanMayWaitWaitForRoomAndAreNotLost() throws Exception {
        start(FOR_EVER);
        Thread writer = new Thread(() -> write(0, 3 * MOST_WAITING));
        writer.start();
        await().until(() -> writer.getState() == Thread.State.TIMED_WAITING);
        console.free.countDown();
        writer.join();
        queue.stop();

        assertThat(console.messages()).isEqualTo(lines(0, 3 * MOST_WAITING));
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void consoleThatTakesNothingMakesOneLineWaitAndTheRestIsDroppedAndCounted() {
        start(SHORT);
        fill();
        write(0, 10_000);

        assertThat(queue.dropped()).isEqualTo(10_000);
        console.free.countDown();
        await().until(() -> console.lines.size() == MOST_WAITING + 1);
    }

    @Test
    void linesFlowAgainOnceTheConsoleTakesThem() throws Exception {
        start(SHORT);
        fill();
        write(0, 1);
        console.free.countDown();
        await().until(() -> console.lines.size() == MOST_WAITING + 1);
        write(7, 8);

        await().until(() -> console.messages().contains("line 7"));
        assertThat(queue.dropped()).isEqualTo(1);
    }

    @Test
    void auditLinesAreDroppedLast() {
        start(SHORT);
        fill();
        writeAudit(0, MOST_WAITING);
        assertThat(queue.dropped()).isEqualTo(MOST_WAITING);
        writeAudit(0, 1);
        write(0, 1);
        assertThat(queue.dropped()).isEqualTo(MOST_WAITING + 2);

        console.free.countDown();
        await().until(() -> console.lines.size() == MOST_WAITING + 1);
        assertThat(console.messages().subList(1, MOST_WAITING + 1)).isEqualTo(
                IntStream.range(0, MOST_WAITING).mapToObj(i -> "audit " + i).toList());
    }

    @Test
    void stopDoesNotWaitForEverForAConsoleThatTakesNothing() {
        start(SHORT);
        fill();
        queue.stop();

        assertThat(console.lines).isEmpty();
    }

    @Test
    void interruptedThreadWritesItsLineOrDropsItAndStaysInterrupted() {
        start(FOR_EVER);
        fill();
        Thread.currentThread().interrupt();
        write(0, 1);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(queue.dropped()).isEqualTo(1);
    }

    /** Blocks until it is free, as a console does that nobody reads. */
    private static final class Console extends AppenderBase<ILoggingEvent> {

        private final CountDownLatch free = new CountDownLatch(1);
        private final List<ILoggingEvent> lines = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean busy;

        @Override
        protected void append(ILoggingEvent line) {
            busy = true;
            boolean stopped = false;
            while (free.getCount() > 0) {
                try {
                    free.await();
                } catch (InterruptedException stop) {
                    // A write to a pipe cannot be interrupted either.
                    stopped = true;
                }
            }
            if (stopped) {
                Thread.currentThread().interrupt();
            }
            lines.add(line);
        }

        private List<String> messages() {
            return List.copyOf(lines).stream().map(ILoggingEvent::getMessage).toList();
        }
    }
}
