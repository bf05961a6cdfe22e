package org.ccmessaging.filestream.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.Charset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.LoggerFactory;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.context.ApplicationListener;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Passes the lines of all loggers to a thread that writes them to the console. So no thread waits for a console that
 * nobody reads, or for a thread that holds the lock of the console (decision 0006).
 *
 * <p>Logback's {@link AsyncAppender} has the queue and the thread, and writes the waiting lines at a stop. This class
 * counts dropped lines, and reserves the last places of the queue for lines with the marker {@link LogText#AUDIT}.
 */
final class ConsoleQueue extends AsyncAppender {

    /** Capacity of the queue, in lines of about 1 KB: enough for seconds of downloads on one core (decision 0006). */
    static final int CAPACITY = 4096;

    static final int KEPT_FOR_AUDIT = 512;

    /** Nanoseconds that the thread waits for further lines when it has taken all (decision 0006). */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    /** Nanoseconds from one pause to the next, at least. So a burst that ends is written without many pauses. */
    private static final long BETWEEN_PAUSES = TimeUnit.MILLISECONDS.toNanos(1);

    private static final String NAME = ConsoleQueue.class.getSimpleName();

    private final AtomicLong dropped = new AtomicLong();

    /** Whether lines were dropped since the last warning. */
    private volatile boolean dropping;

    /** @param console writes the lines; the queue stops it at the end */
    ConsoleQueue(Appender<ILoggingEvent> console) {
        setContext(console.getContext());
        setName(NAME);
        setQueueSize(CAPACITY);
        setDiscardingThreshold(KEPT_FOR_AUDIT);
        setNeverBlock(true);
        console.addFilter(new Filter<>() {

            private long paused = System.nanoTime();

            @Override
            public FilterReply decide(ILoggingEvent line) {
                // Almost each line would wake the thread, which costs as much as to write it. A stop ends the pause.
                if (getNumberOfElementsInQueue() == 0 && System.nanoTime() - paused > BETWEEN_PAUSES) {
                    LockSupport.parkNanos(PAUSE);
                    paused = System.nanoTime();
                }
                return FilterReply.NEUTRAL;
            }
        });
        addAppender(console);
    }

    /** Registers a meter of the dropped lines. It is 0 without a queue. */
    static void countDropped(MeterRegistry meters) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        FunctionCounter.builder("filestream.log.lines.dropped", root,
                        it -> it.getAppender(NAME) instanceof ConsoleQueue queue ? queue.dropped() : 0)
                .description("Log lines that the console did not take in time").register(meters);
    }

    long dropped() {
        return dropped.get();
    }

    @Override
    public void doAppend(ILoggingEvent line) {
        if (line.getMarkerList() != null) {
            // Commons Logging, through which Spring logs, marks each line. In JSON that would be a tag.
            line.getMarkerList().removeIf(marker -> marker.getName().equals("COMMONS-LOGGING"));
        }
        if (dropping && getRemainingCapacity() >= CAPACITY / 2) {
            dropping = false;
            LoggerFactory.getLogger(ConsoleQueue.class).warn(
                    "The console took no lines for a while. {} lines were dropped since the start.", dropped());
        }
        super.doAppend(line);
    }

    /** Logback calls this only when no more than {@link #KEPT_FOR_AUDIT} places are free. */
    @Override
    protected boolean isDiscardable(ILoggingEvent line) {
        boolean audit = line.getMarkerList() != null && line.getMarkerList().contains(LogText.AUDIT);
        if (audit && getRemainingCapacity() > 0) {
            return false;
        }
        dropped.incrementAndGet();
        dropping = true;
        return true;
    }

    /**
     * Discards the warning that a stop did not write all lines. Spring Boot would print it to standard error, which
     * mostly has the same reader, and the process would never end.
     */
    @Override
    public void addWarn(String message) {
        // See above.
    }

    /**
     * Puts the queue before the console that Spring Boot has configured. That happens before Spring creates beans, so
     * that a console that nobody reads does not block startup either. Spring Boot finds this class through
     * {@code META-INF/spring.factories}. A Logback configuration of the installation stays as it is.
     */
    @Order(LoggingApplicationListener.DEFAULT_ORDER + 1)
    static final class Switch implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

        @Override
        public void onApplicationEvent(ApplicationEnvironmentPreparedEvent starting) {
            Environment settings = starting.getEnvironment();
            // A command has no log.
            if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
                    && !StringUtils.hasText(settings.getProperty(LoggingApplicationListener.CONFIG_PROPERTY))
                    && !StringUtils.hasText(System.getProperty("logback.configurationFile"))
                    && root.getAppender("CONSOLE") instanceof ConsoleAppender<ILoggingEvent> console) {
                console.setEncoder(faster(console.getEncoder()));
                ConsoleQueue queue = new ConsoleQueue(console);
                queue.start();
                root.addAppender(queue);
                root.detachAppender(console);
            }
        }

        /**
         * Returns an encoder that encodes a structured line as a whole. Spring Boot's encodes each character, which
         * takes three times as long (decision 0006). The formatter of an installation stays with its encoder.
         */
        @SuppressWarnings("unchecked")
        static Encoder<ILoggingEvent> faster(Encoder<ILoggingEvent> encoder) {
            if (!(encoder instanceof StructuredLogEncoder)) {
                return encoder;
            }
            DirectFieldAccessor fields = new DirectFieldAccessor(encoder);
            StructuredLogFormatter<ILoggingEvent> formatter =
                    (StructuredLogFormatter<ILoggingEvent>) fields.getPropertyValue("formatter");
            Charset charset = (Charset) fields.getPropertyValue("charset");
            boolean own = formatter.getClass().getPackage() != StructuredLogEncoder.class.getPackage();
            return own ? encoder : new StructuredLogEncoder() {
                @Override
                public byte[] encode(ILoggingEvent line) {
                    return formatter.format(line).getBytes(charset);
                }
            };
        }
    }
}
