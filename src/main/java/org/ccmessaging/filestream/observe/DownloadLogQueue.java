package org.ccmessaging.filestream.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Takes p99 at 40 KB from 0.73 to 0.43 × hand-written (decision 0014): a thread of its own writes the lines of
 * downloads. A thread that writes to the console holds the console's lock. If it loses its processor core just then,
 * all downloads that end meanwhile wait for the lock.
 *
 * <p>The queue drops no line. If {@link #MOST_WAITING} lines wait, downloads wait as well. A stop writes the lines that
 * wait, if the console takes them within a second. A download that ends after that writes its line itself.
 */
@Component
final class DownloadLogQueue implements DisposableBean {

    /**
     * Most lines that wait, of about 1 KB each: half a second of the downloads that one core serves (decision 0014).
     */
    private static final int MOST_WAITING = 1024;

    private final QueueAppender appender;
    private final AtomicBoolean stopped = new AtomicBoolean();

    DownloadLogQueue() throws InterruptedException {
        this(DownloadLog.NAME, Logger.ROOT_LOGGER_NAME);
    }

    /** @param consoleName the logger whose appenders write the lines */
    DownloadLogQueue(String loggerName, String consoleName) throws InterruptedException {
        Logger logger = (Logger) LoggerFactory.getLogger(loggerName);
        appender = QueueAppender.of(logger, (Logger) LoggerFactory.getLogger(consoleName));
        appender.acquire();
    }

    @Override
    public void destroy() throws InterruptedException {
        if (stopped.compareAndSet(false, true)) {
            appender.release();
        }
    }

    /**
     * The only appender of the logger. It stays when the queue stops, and then writes each line at once. A logger
     * belongs to the JVM, so several services in it share one appender, and the last of them stops the queue.
     */
    private static final class QueueAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

        private static final String NAME = DownloadLogQueue.class.getSimpleName();

        /** Longest wait of a start or stop for threads that put a line into the queue. */
        private static final long SWITCH_SECONDS = 1;

        private final Logger console;

        /** A thread that puts a line into the queue holds the read lock, one that replaces the queue the write lock. */
        private final ReadWriteLock replacing = new ReentrantReadWriteLock();

        /** {@code null} while no service runs. */
        private volatile AsyncAppender queue;
        private int services;

        private QueueAppender(Logger console) {
            this.console = console;
            setName(NAME);
            setContext(console.getLoggerContext());
            start();
        }

        private static QueueAppender of(Logger logger, Logger console) {
            synchronized (logger) {
                if (logger.getAppender(NAME) instanceof QueueAppender attached) {
                    return attached;
                }
                QueueAppender appender = new QueueAppender(console);
                logger.addAppender(appender);
                logger.setAdditive(false);
                return appender;
            }
        }

        @Override
        protected void append(ILoggingEvent line) {
            replacing.readLock().lock();
            try {
                if (queue != null) {
                    queue.doAppend(line);
                    return;
                }
            } finally {
                replacing.readLock().unlock();
            }
            console.callAppenders(line);
        }

        private synchronized void acquire() throws InterruptedException {
            services++;
            if (services == 1) {
                replace(started());
            }
        }

        private synchronized void release() throws InterruptedException {
            services--;
            if (services == 0) {
                replace(null);
            }
        }

        /** Does not wait for ever for threads that wait for a console that takes nothing. */
        private void replace(AsyncAppender other) throws InterruptedException {
            boolean quiet = replacing.writeLock().tryLock(SWITCH_SECONDS, TimeUnit.SECONDS);
            try {
                AsyncAppender old = queue;
                queue = other;
                if (old != null) {
                    old.stop();
                }
            } finally {
                if (quiet) {
                    replacing.writeLock().unlock();
                }
            }
        }

        private AsyncAppender started() {
            UnsynchronizedAppenderBase<ILoggingEvent> target = new UnsynchronizedAppenderBase<>() {
                @Override
                protected void append(ILoggingEvent line) {
                    console.callAppenders(line);
                }
            };
            target.setContext(getContext());
            target.start();
            AsyncAppender started = new AsyncAppender();
            started.setContext(getContext());
            started.setName(NAME);
            started.setQueueSize(MOST_WAITING);
            started.setDiscardingThreshold(0);
            started.addAppender(target);
            started.start();
            return started;
        }
    }
}
