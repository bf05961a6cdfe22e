package org.ccmessaging.filestream.settings;

import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/** The form of the lines on the console, which Spring Boot takes from {@code logging.structured.format.console}. */
public final class LogFormat {

    /** Blank for text. */
    static final String KEY = "logging.structured.format.console";

    /** Spring Boot keeps its list to itself. */
    private static final Set<String> OF_SPRING_BOOT = Set.of("ecs", "gelf", "logstash");

    private LogFormat() {
    }

    /** Whether Spring Boot knows the form, or finds the class that makes it. */
    static boolean isKnown(Environment settings) {
        String format = settings.getProperty(KEY, "");
        return format.isEmpty() || OF_SPRING_BOOT.contains(format.toLowerCase(Locale.ROOT)) || isFormatter(format);
    }

    private static boolean isFormatter(String name) {
        try {
            return StructuredLogFormatter.class.isAssignableFrom(ClassUtils.forName(name, null));
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
}
