package org.ccmessaging.filestream.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Lets the console of a test run show the warnings and errors that no test expects, and nothing else. The file that
 * system property {@code test.log} names has every line.
 */
public final class QuietConsole extends Filter<ILoggingEvent> {

    /** Says that a store is down when it next looks at one that a test has broken or not even started. */
    private static final String WATCH = "org.ccmessaging.filestream.storage.StorageHealth";

    private static volatile boolean open;

    /** Whether the console shows every line from now on. */
    static void open(boolean everything) {
        open = everything;
    }

    @Override
    public FilterReply decide(ILoggingEvent line) {
        boolean warning = line.getLevel().isGreaterOrEqual(Level.WARN) && !line.getLoggerName().equals(WATCH);
        return open || warning && !ExpectedErrors.include(line) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
