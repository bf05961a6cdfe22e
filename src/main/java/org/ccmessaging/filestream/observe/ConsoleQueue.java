package org.ccmessaging.filestream.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.LoggerFactory;

/**
 * Takes the lines of all loggers to the console: a thread of its own writes them, so that a console that nobody reads
 * stops no other thread. It also takes p99 at 40 KB from 0.73 to 0.43 × hand-written (decision 0014): a thread that
 * writes to the console holds the console's lock. If it loses its processor core just then, all threads that write a
 * line meanwhile wait for the lock.
 *
 * <p>If {@link #MOST_WAITING} lines wait, a thread that writes one waits for room, for {@link #LONGEST_WAIT} at
 * most. If there is none by then, lines are dropped at once, until the console has taken half of those that wait. Lines
 * with the marker {@link LogText#AUDIT} are dropped last. A stop writes the lines that wait, if the console takes them.
 *
 * <p>Logback's own {@code AsyncAppender} either waits for ever or drops without waiting, and does not count.
 */
final class ConsoleQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {

    /** Of about 1 KB each: half a second of the downloads that one core serves (decision 0014). */
    static final int MOST_WAITING = 1024;

    static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Appender<ILoggingEvent> console;
    private final Duration longestWait;
    private final BlockingQueue<ILoggingEvent> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer = new Thread(this::write, "log-console");

    /** Whether the console has taken too little for too long. */
    private volatile boolean dropping;

    /**
     * @param console what writes the lines; the queue stops it in the end
     * @param longestWait how long a line waits for room, and a stop for the lines that wait
     */
    ConsoleQueue(Appender<ILoggingEvent> console, Duration longestWait) {
        this.console = console;
        this.longestWait = longestWait;
        setContext(console.getContext());
        setName(ConsoleQueue.class.getSimpleName());
        writer.setDaemon(true);
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    /** How many lines the console has not got since the start. */
    long dropped() {
        return dropped.get();
    }

    @Override
    protected void append(ILoggingEvent line) {
        line.prepareForDeferredProcessing();
        if (waiting.offer(line) || !dropping && awaitRoom(line)) {
            return;
        }
        dropping = true;
        if (!isAudit(line) || !takeThePlaceOfAnother(line)) {
            dropped.incrementAndGet();
        }
    }

    private boolean awaitRoom(ILoggingEvent line) {
        try {
            return waiting.offer(line, longestWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One at a time, so that no line takes the room that was made for this one but a line of the usual kind. */
    private synchronized boolean takeThePlaceOfAnother(ILoggingEvent line) {
        for (ILoggingEvent other : waiting) {
            if (!isAudit(other) && waiting.remove(other)) {
                dropped.incrementAndGet();
                if (waiting.offer(line)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isAudit(ILoggingEvent line) {
        return line.getMarkerList() != null && line.getMarkerList().contains(LogText.AUDIT);
    }

    private void write() {
        try {
            while (isStarted()) {
                console.doAppend(waiting.take());
                if (dropping && waiting.size() <= MOST_WAITING / 2) {
                    dropping = false;
                    LoggerFactory.getLogger(ConsoleQueue.class).warn(
                            "The console took no lines for a while. {} lines were dropped since the start.", dropped());
                }
            }
        } catch (InterruptedException stopped) {
            // The lines that wait are written below.
        }
        waiting.forEach(console::doAppend);
        console.stop();
    }

    /** Writes the lines that wait, if the console takes them in time. */
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        writer.interrupt();
        try {
            writer.join(longestWait.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
