package org.ccmessaging.filestream.settings;

import java.util.Locale;
import java.util.Set;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
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

    /** Whether Spring Boot knows the form, or finds the class that makes it. */
    static boolean isKnown(Environment settings) {
        String format = settings.getProperty(KEY, "");
        try {
            return OF_SPRING_BOOT.contains(format.toLowerCase(Locale.ROOT))
                    || StructuredLogFormatter.class.isAssignableFrom(ClassUtils.forName(format, null));
        } catch (ClassNotFoundException | LinkageError none) {
            return false;
        }
    }

    /**
     * Whether a program reads the lines, and no line may be anything but an event. A logging configuration of the
     * installation's own, or that of {@code routes test}, does not look at the key.
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
        if (starting.getSpringApplication().getWebApplicationType() != WebApplicationType.NONE
                && !isKnown(starting.getEnvironment())) {
            throw new InvalidSettingException(KEY, starting.getEnvironment().getProperty(KEY),
                    "ecs, gelf, logstash, nothing (for text), or the name of a StructuredLogFormatter class");
        }
    }
}
