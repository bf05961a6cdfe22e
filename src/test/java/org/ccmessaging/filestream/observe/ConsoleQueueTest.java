package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

@Timeout(60)
class ConsoleQueueTest {

    private static final int CAPACITY = 100;
    private static final int KEPT_FOR_AUDIT = 20;

    /** Number of usual lines that may wait. */
    private static final int USUAL = CAPACITY - KEPT_FOR_AUDIT + 1;

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final BlockedConsole console = new BlockedConsole();
    private final ConsoleQueue queue = new ConsoleQueue();

    @BeforeEach
    void start() {
        console.setContext(context);
        console.start();
        queue.setContext(context);
        queue.setQueueSize(CAPACITY);
        queue.setDiscardingThreshold(KEPT_FOR_AUDIT);
        queue.setNeverBlock(true);
        queue.addAppender(console);
        queue.start();
    }

    @AfterEach
    void stop() {
        console.free.release();
        queue.stop();
    }

    private void write(String name, int lines, Marker... markers) {
        for (int i = 0; i < lines; i++) {
            LoggingEvent line = new LoggingEvent("", context.getLogger("any"), Level.INFO, name + i, null, null);
            Stream.of(markers).forEach(line::addMarker);
            queue.doAppend(line);
        }
    }

    private static Stream<String> lines(String name, int to) {
        return IntStream.range(0, to).mapToObj(i -> name + i);
    }

    @Test
    void consoleThatTakesNothingMakesNoThreadWaitAndAuditLinesAreDroppedLastAndDroppedLinesAreCounted() {
        write("first", 1);
        await().until(() -> console.busy);
        write("line", USUAL);
        assertThat(queue.dropped()).isZero();
        write("too many", 10_000);
        assertThat(queue.dropped()).isEqualTo(10_000);
        write("audit", KEPT_FOR_AUDIT - 1, LogText.AUDIT);
        assertThat(queue.dropped()).isEqualTo(10_000);
        write("audit too many", 1, LogText.AUDIT);
        assertThat(queue.dropped()).isEqualTo(10_001);

        console.free.release();

        List<String> kept = Stream.of(lines("first", 1), lines("line", USUAL), lines("audit", KEPT_FOR_AUDIT - 1))
                .flatMap(each -> each).toList();
        await().untilAsserted(() -> assertThat(console.written).containsExactlyElementsOf(kept));
        write("again", 1);
        await().until(() -> console.written.contains("again0"));
    }

    @Test
    void linesOfAQueueThatStopsAreWrittenIfTheyAreRead() {
        write("line", USUAL);
        await().until(() -> console.busy);

        queue.stop();
        console.free.release();

        await().untilAsserted(() ->
                assertThat(console.written).containsExactlyElementsOf(lines("line", USUAL).toList()));
    }

    /** Blocks until it is free, as a console does that nobody reads. A write to a pipe cannot be interrupted either. */
    private static final class BlockedConsole extends AppenderBase<ILoggingEvent> {

        private final Semaphore free = new Semaphore(0);
        private final List<String> written = new CopyOnWriteArrayList<>();
        private volatile boolean busy;

        @Override
        protected void append(ILoggingEvent line) {
            busy = true;
            free.acquireUninterruptibly();
            free.release();
            written.add(line.getMessage());
        }
    }
}
