package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes the audit log: who logged in to the console, operated there or changed the routes. Its logger has a separate
 * name, so that a collector can send the lines elsewhere. {@link ConsoleQueue} drops them last.
 */
public final class AuditLog {

    /** Maximum length of a field. Clients without a login can send the text of some fields. */
    private static final int LONGEST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());

    private AuditLog() {
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
}
