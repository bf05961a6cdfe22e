package org.ccmessaging.filestream.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.StatusManager;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.LoggerFactory;

/**
 * A Logback appender that never blocks its callers and counts the lines that it drops. When its queue is almost full,
 * it drops all lines except those with the marker {@link LogText#AUDIT}. Those are dropped only when the queue is full.
 * {@code logback-spring.xml} puts this appender before the console.
 */
public final class ConsoleQueue extends AsyncAppender {

    /** Name of the appender in {@code logback-spring.xml}. */
    static final String NAME = "QUEUE";

    /** Pause of the writing thread when the queue is empty, in nanoseconds (decision 0006). */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    /** Minimum time between two pauses, in nanoseconds. A burst of lines is therefore written with few pauses. */
    private static final long BETWEEN_PAUSES = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong dropped = new AtomicLong();

    /** Registers the meter of dropped lines. If Logback has no such queue, the meter stays at 0. */
    static void countDropped(MeterRegistry meters) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        FunctionCounter.builder("filestream.log.lines.dropped", root,
                        it -> it.getAppender(NAME) instanceof ConsoleQueue queue ? queue.dropped() : 0)
                .description("Log lines that the console did not take in time").register(meters);
    }

    long dropped() {
        return dropped.get();
    }

    /**
     * Starts the appender. Removes Spring Boot's listener, which prints Logback's own warnings to standard error. The
     * listener holds a lock while it prints, and an appender needs the same lock to stop. If nobody reads standard
     * error, the listener would wait forever with the lock, and the process would never end.
     */
    @Override
    public void start() {
        StatusManager statuses = getContext().getStatusManager();
        statuses.getCopyOfStatusListenerList().forEach(statuses::remove);
        super.start();
    }

    /** Adds a filter that pauses the writing thread. To wake it for each line costs more than to write the line. */
    @Override
    public void addAppender(Appender<ILoggingEvent> console) {
        console.addFilter(new Filter<>() {

            private long paused = System.nanoTime();

            @Override
            public FilterReply decide(ILoggingEvent line) {
                if (getNumberOfElementsInQueue() == 0 && System.nanoTime() - paused > BETWEEN_PAUSES) {
                    LockSupport.parkNanos(PAUSE);
                    paused = System.nanoTime();
                }
                return FilterReply.NEUTRAL;
            }
        });
        super.addAppender(console);
    }

    /** Logback calls this method when fewer places are free than the appender's {@code discardingThreshold}. */
    @Override
    protected boolean isDiscardable(ILoggingEvent line) {
        boolean audit = line.getMarkerList() != null && line.getMarkerList().contains(LogText.AUDIT);
        boolean discardable = !audit || getRemainingCapacity() == 0;
        if (discardable) {
            dropped.incrementAndGet();
        }
        return discardable;
    }
}
