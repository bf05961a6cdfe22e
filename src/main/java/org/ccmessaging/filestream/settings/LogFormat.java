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
import org.springframework.util.StringUtils;

/**
 * The form of the lines on the console, which Spring Boot takes from {@code logging.structured.format.console}. A form
 * that Spring Boot does not know is refused right before Spring Boot sets up the log with it, which would fail with a
 * stack trace and without a log. Spring Boot finds this class through {@code META-INF/spring.factories}. Commands have
 * a log of their own, or none.
 */
public final class LogFormat implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    private static final String KEY = "logging.structured.format.console";

    /** Spring Boot keeps its list to itself. */
    private static final Set<String> OF_SPRING_BOOT = Set.of("", "ecs", "gelf", "logstash");

    /** Returns whether Spring Boot knows the form, or finds the class that makes it. */
    private static boolean isKnown(Environment settings) {
        String format = settings.getProperty(KEY, "");
        try {
            return OF_SPRING_BOOT.contains(format.toLowerCase(Locale.ROOT))
                    || StructuredLogFormatter.class.isAssignableFrom(ClassUtils.forName(format, null));
        } catch (ClassNotFoundException | LinkageError none) {
            return false;
        }
    }

    /**
     * Returns whether a program reads the lines, and no line may be anything but an event. A logging configuration of
     * the installation's own, or that of {@code routes test}, does not look at the key.
     */
    public static boolean isStructured(Environment settings) {
        return StringUtils.hasText(settings.getProperty(KEY))
                && !StringUtils.hasText(settings.getProperty(LoggingApplicationListener.CONFIG_PROPERTY));
    }

    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER - 1;
    }

    /** @throws InvalidSettingException if Spring Boot does not know the form */
    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent starting) {
        Environment settings = starting.getEnvironment();
        SettingChecks.refuseIf(!isKnown(settings), KEY, settings.getProperty(KEY),
                "ecs, gelf, logstash, nothing (for text), or the name of a StructuredLogFormatter class");
    }

    /**
     * Sets up the log with the defaults where startup fails before Spring Boot has read how to log, so that the report
     * is in the log and has its form. Spring Boot finds this class through {@code META-INF/spring.factories}.
     */
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static final class OfFailedStart implements SpringBootExceptionReporter {

        private final boolean early;

        /** @param context {@code null} if the start failed before there was one */
        OfFailedStart(ConfigurableApplicationContext context) {
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
