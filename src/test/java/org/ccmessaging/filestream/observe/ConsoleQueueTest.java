package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class ConsoleQueueTest {

    private static final int CAPACITY = 100;
    private static final int KEPT_FOR_AUDIT = 20;

    /** Number of usual lines that may wait. */
    private static final int USUAL = CAPACITY - KEPT_FOR_AUDIT + 1;

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Console console = new Console();
    private ConsoleQueue queue;

    @BeforeEach
    void start() {
        queue = queue(console, context, CAPACITY);
        queue.setDiscardingThreshold(KEPT_FOR_AUDIT);
        queue.start();
    }

    @AfterEach
    void stop() {
        console.free.countDown();
        queue.stop();
    }

    static ConsoleQueue queue(Console console, LoggerContext context, int capacity) {
        console.setContext(context);
        console.start();
        ConsoleQueue queue = new ConsoleQueue();
        queue.setContext(context);
        queue.setName(ConsoleQueue.NAME);
        queue.setQueueSize(capacity);
        queue.setNeverBlock(true);
        queue.addAppender(console);
        return queue;
    }

    private LoggingEvent line(String message) {
        return new LoggingEvent("", context.getLogger("any"), Level.INFO, message, null, null);
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

    /** The console holds the first line, and no place for a usual line is free. */
    private void fill() {
        write(0, 1);
        await().until(() -> console.busy);
        write(1, USUAL + 1);
        assertThat(queue.dropped()).isZero();
    }

    private static Stream<String> lines(String name, int to) {
        return IntStream.range(0, to).mapToObj(i -> name + i);
    }

    @Test
    void consoleThatTakesNothingMakesNoThreadWaitAndDroppedLinesAreCounted() {
        fill();
        write(0, 10_000);
        assertThat(queue.dropped()).isEqualTo(10_000);

        console.free.countDown();
        await().until(() -> console.lines.size() == USUAL + 1);
        write(7, 8);
        await().until(() -> console.messages().contains("line 7"));
        assertThat(queue.dropped()).isEqualTo(10_000);
    }

    @Test
    void auditLinesAreDroppedLast() {
        fill();
        writeAudit(0, KEPT_FOR_AUDIT - 1);
        assertThat(queue.dropped()).isZero();
        writeAudit(0, 1);
        write(0, 1);
        assertThat(queue.dropped()).isEqualTo(2);

        queue.stop();
        console.free.countDown();

        await().untilAsserted(() -> assertThat(console.messages()).containsExactlyElementsOf(
                Stream.concat(lines("line ", USUAL + 1), lines("audit ", KEPT_FOR_AUDIT - 1)).toList()));
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
