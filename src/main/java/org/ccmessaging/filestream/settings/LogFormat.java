package org.ccmessaging.filestream.settings;

import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** The form of the lines on the console, which Spring Boot takes from {@code logging.structured.format.console}. */
public final class LogFormat {

    /** Blank for text. */
    static final String KEY = "logging.structured.format.console";

    private LogFormat() {
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
