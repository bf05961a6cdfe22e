package org.ccmessaging.filestream.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the current thread logs until it is closed, from level INFO on. Tests that run beside it do not show. */
public final class LogOfThisThread implements AutoCloseable {

    private final String thread = Thread.currentThread().getName();
    private final ListAppender<ILoggingEvent> all = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    /** Opens it after a service has started, which sets up the log anew. */
    public LogOfThisThread() {
        all.start();
        root.addAppender(all);
    }

    /** The lines so far. */
    public List<ILoggingEvent> lines() {
        return List.copyOf(all.list).stream().filter(line -> line.getThreadName().equals(thread)
                && line.getLevel().isGreaterOrEqual(Level.INFO)).toList();
    }

    @Override
    public void close() {
        root.detachAppender(all);
        all.stop();
    }
}
