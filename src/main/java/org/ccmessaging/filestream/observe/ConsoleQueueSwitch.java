package org.ccmessaging.filestream.observe;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Puts a {@link ConsoleQueue} before the console that Spring Boot has configured, before there are beans, so that a
 * console that nobody reads does not stop a start either. Spring Boot finds this class through
 * {@code META-INF/spring.factories}. A Logback configuration of the installation's own stays as it is.
 */
final class ConsoleQueueSwitch implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    /** The name that Spring Boot gives its appender. */
    private static final String CONSOLE = "CONSOLE";

    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER + 1;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent starting) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback
                && isSpringBoots(starting.getEnvironment())) {
            Logger root = logback.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            Appender<ILoggingEvent> console = root.getAppender(CONSOLE);
            if (console instanceof ConsoleAppender) {
                ConsoleQueue queue = new ConsoleQueue(console, ConsoleQueue.LONGEST_WAIT);
                queue.start();
                root.addAppender(queue);
                root.detachAppender(console);
            }
        }
    }

    private static boolean isSpringBoots(Environment environment) {
        return !StringUtils.hasText(environment.getProperty(LoggingApplicationListener.CONFIG_PROPERTY))
                && !StringUtils.hasText(System.getProperty("logback.configurationFile"));
    }
}
