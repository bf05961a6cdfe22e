package org.ccmessaging.filestream.settings;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Refuses a form of the log that Spring Boot does not know, right before Spring Boot sets up the log with it: that
 * would fail with a stack trace and without a log. Spring Boot finds this class through
 * {@code META-INF/spring.factories}. Commands have a log of their own, or none.
 */
final class LogFormatCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER - 1;
    }

    /** @throws InvalidSettingException if Spring Boot does not know the form */
    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent starting) {
        if (starting.getSpringApplication().getWebApplicationType() != WebApplicationType.NONE
                && !LogFormat.isKnown(starting.getEnvironment())) {
            throw new InvalidSettingException(LogFormat.KEY, starting.getEnvironment().getProperty(LogFormat.KEY),
                    "ecs, gelf, logstash, nothing (for text), or the name of a StructuredLogFormatter class");
        }
    }
}
