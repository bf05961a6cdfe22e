package org.ccmessaging.filestream.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;

/** What the current thread logs until it is closed, from level INFO on. Tests that run beside it do not show. */
public final class LogOfThisThread implements AutoCloseable {

    private final String thread = Thread.currentThread().getName();
    /** Opened after a service has started, which sets up the log anew. */
    private final LoggedLines all = LoggedLines.ofAll();

    /** The lines so far. */
    public List<ILoggingEvent> lines() {
        return all.list().stream().filter(line -> line.getThreadName().equals(thread)
                && line.getLevel().isGreaterOrEqual(Level.INFO)).toList();
    }

    @Override
    public void close() {
        all.close();
    }
}
