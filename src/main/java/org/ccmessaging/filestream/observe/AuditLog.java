package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes lines that say who did what: logins to the console, operations there, start and stop of the service, its
 * routes. The logger has a name of its own, so that a collector can send its lines elsewhere. {@link ConsoleQueue}
 * drops them last.
 */
public final class AuditLog {

    /** Longest text of a field, in characters. Some texts are a stranger's. */
    private static final int LONGEST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());

    private AuditLog() {
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
}
