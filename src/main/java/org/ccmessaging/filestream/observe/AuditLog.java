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
 * Writes the audit log: who logged in to the console, operated there, started or stopped the service, or changed its
 * routes. Its logger has a separate name, so that a collector can send the lines elsewhere. {@link ConsoleQueue} drops
 * them last.
 */
@Component
public final class AuditLog {

    /** Maximum length of a field. Strangers send some of them. */
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
     * @param event the message
     * @param namesAndTexts the fields: a name and its text in turn, never a secret. A field with the text {@code null}
     *     is left out
     */
    public static void write(String event, String... namesAndTexts) {
        LoggingEventBuilder line = LOG.atInfo().addMarker(LogText.AUDIT);
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            if (namesAndTexts[i + 1] != null) {
                line.addKeyValue(namesAndTexts[i], LogText.visible(namesAndTexts[i + 1], LONGEST));
            }
        }
        line.log(event);
    }

    @EventListener
    void onStart(ApplicationReadyEvent ready) {
        if (ready.getApplicationContext() == service) {
            started = true;
            write("service started", "version", version, "java", System.getProperty("java.version"));
        }
    }

    /** The context of the management port publishes such an event as well. */
    @EventListener
    void onStop(ContextClosedEvent closed) {
        if (closed.getApplicationContext() == service && started) {
            write("service stops", "version", version);
        }
    }
}
