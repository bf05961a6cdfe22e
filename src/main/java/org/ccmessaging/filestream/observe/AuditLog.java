package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes lines that say who did what: logins to the console, operations there, start and stop of the service, its
 * routes. The logger has a name of its own, so that a collector can send its lines elsewhere. {@link ConsoleQueue}
 * drops them last.
 */
@Component
public final class AuditLog {

    /** Maximum length of a field. Some texts are a stranger's. */
    private static final int LONGEST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());

    private final ApplicationContext service;
    private final String version;
    private volatile boolean started;

    AuditLog(ApplicationContext service, ObjectProvider<BuildProperties> build) {
        this.service = service;
        this.version = build.stream().map(BuildProperties::getVersion).findFirst().orElse(null);
    }

    /**
     * Writes a line.
     *
     * @param event what happened
     * @param namesAndTexts the fields of the line: a name and its text in turn; one whose text is {@code null} is left
     *     out. Never a secret
     */
    public static void write(String event, String... namesAndTexts) {
        LoggingEventBuilder line = LOG.atInfo().addMarker(LogText.AUDIT);
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            if (namesAndTexts[i + 1] != null) {
                line.addKeyValue(namesAndTexts[i], LogText.visible(shortened(namesAndTexts[i + 1])));
            }
        }
        line.log(event);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    @EventListener
    void onStart(ApplicationReadyEvent ready) {
        if (ready.getApplicationContext() == service) {
            started = true;
            write("service started", "version", version, "java", System.getProperty("java.version"));
        }
    }

    /** The management port has a context of its own, which ends as well. */
    @EventListener
    void onStop(ContextClosedEvent closed) {
        if (closed.getApplicationContext() == service && started) {
            write("service stops", "version", version);
        }
    }
}
