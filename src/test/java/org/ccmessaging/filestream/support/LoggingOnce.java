package org.ccmessaging.filestream.support;

import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;
import org.springframework.core.env.StandardEnvironment;

/**
 * Leaves logging as Logback has configured it, for all services that tests start in one process. Spring Boot's own
 * system configures it at each start after a service has stopped. It would detach the appenders of tests that run at
 * the same time and silence their services during the start. Two starts at the same time would fail, since Logback has
 * one context for the whole JVM.
 *
 * <p>The build names this class in system property {@value #SYSTEM_PROPERTY}, and the configuration in
 * {@code logback.configurationFile}. A packaged jar never sees either.
 */
public final class LoggingOnce extends LogbackLoggingSystem {

    private static final Object LOGBACK = new Object();

    public LoggingOnce(ClassLoader classLoader) {
        super(classLoader);
    }

    /** The first service initializes logging at once: between the two calls, Spring Boot's system drops all lines. */
    @Override
    public void beforeInitialize() {
        synchronized (LOGBACK) {
            super.beforeInitialize();
            super.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
        }
    }

    /** Nothing: Logback has read its configuration by then. */
    @Override
    protected void loadConfiguration(LoggingInitializationContext starting, String location, LogFile logFile) {
    }

    /** Nothing: other services and tests still log. */
    @Override
    public void cleanUp() {
    }
}
