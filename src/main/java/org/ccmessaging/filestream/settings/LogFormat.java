package org.ccmessaging.filestream.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ClassUtils;

/**
 * Refuses a value of {@code logging.structured.format.console} that Spring Boot does not know, right before Spring Boot
 * sets up the log with it, which would fail with a stack trace and without a log. Spring Boot finds this class through
 * {@code META-INF/spring.factories}.
 */
@Order(LoggingApplicationListener.DEFAULT_ORDER - 1)
public final class LogFormat implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

    private static final String KEY = "logging.structured.format.console";

    /** Copied, because Spring Boot's list is not public. */
    private static final Set<String> OF_SPRING_BOOT = Set.of("", "ecs", "gelf", "logstash");

    private static boolean isKnown(Environment settings) {
        String format = settings.getProperty(KEY, "");
        try {
            return OF_SPRING_BOOT.contains(format.toLowerCase(Locale.ROOT))
                    || StructuredLogFormatter.class.isAssignableFrom(ClassUtils.forName(format, null));
        } catch (ClassNotFoundException | LinkageError none) {
            return false;
        }
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent starting) {
        Environment settings = starting.getEnvironment();
        SettingChecks.refuseIf(!isKnown(settings), KEY, settings.getProperty(KEY),
                "ecs, gelf, logstash, nothing (for text), or the name of a StructuredLogFormatter class");
    }

    /**
     * Sets up the log with the defaults if startup fails before Spring Boot has done so. Otherwise the report would not
     * be in the log. Spring Boot finds this class through {@code META-INF/spring.factories}.
     */
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static final class OfFailedStart implements SpringBootExceptionReporter {

        private final boolean early;

        /** @param context {@code null} if startup failed before there was one */
        OfFailedStart(ConfigurableApplicationContext context) {
            this.early = context == null;
        }

        /** Leaves the report to others. Spring Boot ignores the call if the log is set up. */
        @Override
        public boolean reportException(Throwable failure) {
            if (early) {
                StandardEnvironment defaults = new StandardEnvironment();
                try {
                    MutablePropertySources settings = defaults.getPropertySources();
                    // The defaults win over an unknown form, which would keep its own report out of the log.
                    new YamlPropertySourceLoader().load("defaults", new ClassPathResource("application.yaml"))
                            .forEach(isKnown(defaults) ? settings::addLast : settings::addFirst);
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
}
