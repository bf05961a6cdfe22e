package org.ccmessaging.filestream.response;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Logger {@code download}, whose lines are written by a thread of its own. Whoever writes to the console holds its lock
 * meanwhile; where the system takes the core away from it just then, all downloads that end after it would wait for it,
 * which nearly doubled p99 on threads of the system (bench/results). Level and appenders are the logger's own, as
 * configured.
 *
 * <p>No line is left out for that: where {@link #MOST_WAITING} wait, downloads wait as well, and those that wait when
 * the service stops are written then, if the console takes them within a second.
 */
@Component
class DownloadLog implements DisposableBean {

    /** Lines, of about 1 KB each: half a second of what a core can answer. */
    private static final int MOST_WAITING = 1024;

    private final Logger logger;
    private final AsyncAppender queue = new AsyncAppender();

    DownloadLog() {
        this("download");
    }

    DownloadLog(String loggerName) {
        logger = (Logger) LoggerFactory.getLogger(loggerName);
        ToLogger toLogger = new ToLogger();
        toLogger.setContext(logger.getLoggerContext());
        toLogger.start();
        queue.setContext(logger.getLoggerContext());
        queue.setName(logger.getName());
        queue.setQueueSize(MOST_WAITING);
        queue.setDiscardingThreshold(0);
        queue.addAppender(toLogger);
        queue.start();
    }

    /** @param facts in the order in which the line gives them */
    void write(List<KeyValuePair> facts) {
        if (!logger.isInfoEnabled()) {
            return;
        }
        LoggingEvent line = new LoggingEvent(DownloadLog.class.getName(), logger, Level.INFO, "download", null, null);
        line.setKeyValuePairs(facts);
        if (queue.isStarted()) {
            queue.doAppend(line);
        } else {
            // A download that was still under way when the service stopped.
            logger.callAppenders(line);
        }
    }

    @Override
    public void destroy() {
        queue.stop();
    }

    private final class ToLogger extends UnsynchronizedAppenderBase<ILoggingEvent> {

        @Override
        protected void append(ILoggingEvent line) {
            logger.callAppenders(line);
        }
    }
}
