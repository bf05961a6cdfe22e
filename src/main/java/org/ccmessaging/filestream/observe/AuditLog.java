package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes the audit log: console logins, operations in the console and changes of the routes. The logger has its own
 * name, so that a log collector can separate the lines. A full {@link ConsoleQueue} drops these lines last.
 */
public final class AuditLog {

    /** Maximum number of characters of a field. Clients without a login can choose the text of some fields. */
    private static final int LONGEST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());

    private AuditLog() {
    }

    /**
     * Writes a line.
     *
     * @param event the message
     * @param namesAndTexts the fields: name, text, name, text and so on; never a secret. A field whose text is
     *     {@code null} is left out
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
