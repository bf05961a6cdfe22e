package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes the audit log: logins, logouts and operations of the console, and reloads of the routes. */
public final class AuditLog {

    /** Maximum number of characters of a field, because strangers choose the user name of a failed login. */
    private static final int LONGEST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());

    private AuditLog() {
    }

    /** @param namesAndTexts names and texts of fields in turn, without secrets; a {@code null} text omits its field */
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
