package org.ccmessaging.filestream.observe;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.stereotype.Component;

/** Writes one structured line for each download. {@link ConsoleQueue} takes the lines to the console. */
@Component
class DownloadLog {

    /** Name of the logger, and message of its lines. */
    static final String NAME = "download";

    private static final Logger LOG = LoggerFactory.getLogger(NAME);
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final UserIds userIds;

    DownloadLog(UserIds userIds) {
        this.userIds = userIds;
    }

    void write(FinishedDownload download) {
        LoggingEventBuilder line = LOG.atInfo();
        if (download.customer() != null) {
            line.addKeyValue("tenantId", oneLine(download.customer().tenantId()));
            line.addKeyValue("channelId", oneLine(download.customer().channelId()));
            String userId = oneLine(userIds.shown(download.customer().userId()));
            if (userId != null) {
                line.addKeyValue("userId", userId);
            }
        }
        line.addKeyValue("branch", download.branch());
        line.addKeyValue("resultCode", download.resultCode());
        line.addKeyValue("bytes", download.bytes());
        line.addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(download.nanoseconds()));
        if (download.reason() != null) {
            line.addKeyValue("reason", oneLine(download.reason()));
        }
        line.log(NAME);
    }

    /** Replaces control characters, so that a client's text cannot start a line of its own in the log. */
    private static String oneLine(String text) {
        return text == null ? null : CONTROL.matcher(text).replaceAll("?");
    }
}
