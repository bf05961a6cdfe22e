package org.ccmessaging.filestream.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

/**
 * Sets up the log with the defaults where the start fails before Spring Boot has read how to log, so that the report is
 * in the log and has its form. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class LogOfFailedStart implements SpringBootExceptionReporter {

    private final boolean early;

    /** @param context {@code null} if the start failed before there was one */
    LogOfFailedStart(ConfigurableApplicationContext context) {
        this.early = context == null;
    }

    /** Reports nothing itself. Spring Boot ignores the call where the log is set up. */
    @Override
    public boolean reportException(Throwable failure) {
        if (early) {
            StandardEnvironment defaults = new StandardEnvironment();
            try {
                MutablePropertySources settings = defaults.getPropertySources();
                // A wrong form of the log would keep its own report out of the log.
                new YamlPropertySourceLoader().load("defaults", new ClassPathResource("application.yaml"))
                        .forEach(LogFormat.isKnown(defaults) ? settings::addLast : settings::addFirst);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
            LoggingSystem log = LoggingSystem.get(getClass().getClassLoader());
            log.getSystemProperties(defaults).apply();
            log.initialize(new LoggingInitializationContext(defaults), null, null);
        }
        return false;
    }
}
