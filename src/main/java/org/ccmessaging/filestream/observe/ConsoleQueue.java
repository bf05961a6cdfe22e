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
 * A Logback appender that drops and counts lines instead of blocking its callers. An almost full queue accepts only
 * lines with the marker {@link LogText#AUDIT}.
 */
public final class ConsoleQueue extends AsyncAppender {

    /** Name of the appender in {@code logback-spring.xml}. */
    static final String NAME = "QUEUE";

    /** Pause of the writing thread when the queue is empty, in nanoseconds (decision 0006). */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    /** Minimum time between two pauses, in nanoseconds. */
    private static final long BETWEEN_PAUSES = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong dropped = new AtomicLong();

    /** Registers the meter of dropped lines, which stays at 0 if no appender {@code QUEUE} exists. */
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
     * Removes Spring Boot's listener, which holds a lock while it prints Logback's warnings to standard error. If
     * nobody reads standard error, the listener would hold the lock forever, and the process could not end.
     */
    @Override
    public void start() {
        StatusManager statuses = getContext().getStatusManager();
        statuses.getCopyOfStatusListenerList().forEach(statuses::remove);
        super.start();
    }

    /** Adds a filter that pauses the writing thread, so that lines gather: a wake-up costs more than writing a line. */
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

    /** Logback calls this method when the queue has less free capacity than {@code discardingThreshold}. */
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
