package org.ccmessaging.filestream.observe;

import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes the audit log: console logins, operations in the console and changes of the routes. */
public final class AuditLog {

    /** Maximum number of characters of a field. Strangers choose the user name of a failed login. */
    private static final int LONGEST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LogText.AUDIT.getName());

    private AuditLog() {
    }

    /** @param namesAndTexts alternating names and texts of fields, never a secret; {@code null} omits the field */
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
