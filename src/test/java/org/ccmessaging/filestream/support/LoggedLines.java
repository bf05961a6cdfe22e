package org.ccmessaging.filestream.support;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The lines of a logger until it is closed. Any thread may write while a test reads. */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final List<ILoggingEvent> lines = new ArrayList<>();

    /**
     * Opens it after a service has started, which sets up the log anew. A thread that logs meanwhile may put back its
     * copy of the appenders without the new one (Logback's {@code COWArrayList}); the second call makes it copy again.
     */
    public LoggedLines(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        start();
        logger.addAppender(this);
        logger.addAppender(this);
    }

    public static LoggedLines ofAll() {
        return new LoggedLines(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Override
    protected synchronized void append(ILoggingEvent line) {
        line.prepareForDeferredProcessing();
        lines.add(line);
    }

    public synchronized List<ILoggingEvent> list() {
        return List.copyOf(lines);
    }

    public List<String> texts() {
        return list().stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
