package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.observe.ConsoleQueue.CAPACITY;
import static org.ccmessaging.filestream.observe.ConsoleQueue.KEPT_FOR_AUDIT;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.status.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.commons.logging.LogFactory;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.observe.ConsoleQueue",
        texts = "lines were dropped since the start")
class ConsoleQueueTest {

    /** Number of usual lines that may wait. */
    private static final int USUAL = CAPACITY - KEPT_FOR_AUDIT + 1;

    private final Logger logger = (Logger) LoggerFactory.getLogger(ConsoleQueueTest.class);
    private final Console console = new Console();
    private ConsoleQueue queue;

    @BeforeEach
    void start() {
        console.setContext(logger.getLoggerContext());
        console.start();
        queue = new ConsoleQueue(console);
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
        write(1, USUAL + 1);
        assertThat(queue.dropped()).isZero();
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }

    @Test
    void lineDoesNotWaitForTheConsole() {
        write(0, 2);

        assertThat(console.lines).isEmpty();
    }

    @Test
    void lineOfSpringHasNoTag() {
        logger.addAppender(queue);
        console.free.countDown();
        LogFactory.getLog(ConsoleQueueTest.class).info("of Spring");
        logger.detachAppender(queue);

        await().untilAsserted(() -> assertThat(console.lines).singleElement()
                .extracting(ILoggingEvent::getMarkerList).asInstanceOf(LIST).isEmpty());
    }

    @Test
    void stopWritesTheWaitingLinesInOrderAndUnderTheirThreads() {
        fill();
        console.free.countDown();
        queue.stop();

        assertThat(console.messages()).isEqualTo(lines(0, USUAL + 1));
        assertThat(console.lines).allMatch(line -> line.getThreadName().equals(Thread.currentThread().getName()));
        assertThat(console.isStarted()).isFalse();
    }

    @Test
    void consoleThatTakesNothingMakesNoThreadWaitAndLinesAreDroppedAndCounted() {
        fill();
        write(0, 10_000);

        assertThat(queue.dropped()).isEqualTo(10_000);
        assertThat(console.lines).isEmpty();
        console.free.countDown();
        await().until(() -> console.lines.size() == USUAL + 1);
    }

    @Test
    void linesFlowAgainOnceTheConsoleTakesThem() throws Exception {
        fill();
        write(0, 1);
        console.free.countDown();
        await().until(() -> console.lines.size() == USUAL + 1);
        write(7, 8);

        await().until(() -> console.messages().contains("line 7"));
        assertThat(queue.dropped()).isEqualTo(1);
    }

    @Test
    void auditLinesAreDroppedLast() {
        fill();
        writeAudit(0, KEPT_FOR_AUDIT - 1);
        assertThat(queue.dropped()).isZero();
        writeAudit(0, 1);
        write(0, 1);
        assertThat(queue.dropped()).isEqualTo(2);

        console.free.countDown();
        await().until(() -> console.lines.size() == CAPACITY + 1);
        assertThat(console.messages().subList(USUAL + 1, CAPACITY + 1)).isEqualTo(
                IntStream.range(0, KEPT_FOR_AUDIT - 1).mapToObj(i -> "audit " + i).toList());
    }

    /** Spring Boot prints a status to standard error, which nobody reads either. */
    @Test
    void stopDoesNotWaitForEverForAConsoleThatTakesNothingAndHasNoStatusToPrint() {
        fill();
        queue.stop();

        assertThat(console.lines).isEmpty();
        assertThat(logger.getLoggerContext().getStatusManager().getCopyOfStatusList())
                .filteredOn(status -> status.getOrigin() == queue)
                .allSatisfy(status -> assertThat(status.getLevel()).isLessThan(Status.WARN));
    }

    @Test
    void interruptedThreadWritesItsLineAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        write(0, 1);

        assertThat(Thread.interrupted()).isTrue();
        console.free.countDown();
        await().until(() -> console.messages().equals(lines(0, 1)));
    }

    /** Blocks until it is free, as a console does that nobody reads. */
    static final class Console extends AppenderBase<ILoggingEvent> {

        final CountDownLatch free = new CountDownLatch(1);
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
