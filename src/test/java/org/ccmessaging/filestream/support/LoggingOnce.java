package org.ccmessaging.filestream.support;

import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;

/**
 * Sets logging up once for all services that tests start in one process. Spring's own does it anew for each start after
 * any service has stopped: it would take away the appenders of tests that run beside it, silence their services for the
 * time of the start, and fail where two starts do it at once, since Logback's context is one for the whole JVM.
 *
 * <p>The build names it in system property {@value #SYSTEM_PROPERTY}; a packaged jar never sees it.
 */
public final class LoggingOnce extends LogbackLoggingSystem {

    private static final Object LOGBACK = new Object();

    public LoggingOnce(ClassLoader classLoader) {
        super(classLoader);
    }

    @Override
    public void beforeInitialize() {
        synchronized (LOGBACK) {
            super.beforeInitialize();
        }
    }

    @Override
    public void initialize(LoggingInitializationContext starting, String configLocation, LogFile logFile) {
        synchronized (LOGBACK) {
            super.initialize(starting, configLocation, logFile);
        }
    }

    /** Nothing: others still log. */
    @Override
    public void cleanUp() {
    }
}
