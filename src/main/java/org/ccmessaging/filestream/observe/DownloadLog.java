package org.ccmessaging.filestream.observe;

import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.toolkit.LogText;
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

    private final LoggedIds ids;

    DownloadLog(LoggedIds ids) {
        this.ids = ids;
    }

    void write(FinishedDownload download) {
        LoggingEventBuilder line = LOG.atInfo();
        if (download.customer() != null) {
            line.addKeyValue("tenantId", LogText.visible(download.customer().tenantId()));
            line.addKeyValue("channelId", LogText.visible(download.customer().channelId()));
            add(line, "userId", ids.ofUser(download.customer().userId()));
        }
        line.addKeyValue("branch", download.branch());
        line.addKeyValue("resultCode", download.resultCode());
        line.addKeyValue("bytes", download.bytes());
        line.addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(download.nanoseconds()));
        line.addKeyValue("generation", download.generation());
        add(line, "appKey", download.appKey());
        add(line, "fileId", ids.ofFile(download.fileId()));
        add(line, "cause", download.cause() == Cause.NONE ? null : download.cause().label());
        add(line, "reason", download.reason());
        line.log(NAME);
    }

    private static void add(LoggingEventBuilder line, String key, String text) {
        if (text != null) {
            line.addKeyValue(key, LogText.visible(text));
        }
    }
}
