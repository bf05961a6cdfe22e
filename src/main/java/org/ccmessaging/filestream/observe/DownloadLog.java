package org.ccmessaging.filestream.observe;

import jakarta.annotation.PreDestroy;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.observe.LogSettings.Form;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.stereotype.Component;

/**
 * Writes a log line for each download, but at most ten lines a second for downloads that got no permit, and ten for
 * downloads without valid credentials.
 */
@Component
class DownloadLog implements FinishedDownload.Listener {

    static final String NAME = "download";

    private static final Logger LOG = LoggerFactory.getLogger(NAME);

    /** Maximum number of characters of a logged text, because an S3 key has up to 1024 bytes. */
    private static final int LONGEST = 1024;

    private static final int MOST_REFUSALS = 10;

    private final LogSettings settings;
    private final Sample withoutPermit = new Sample("downloads refused");
    private final Sample withoutCredentials = new Sample("credentials refused");
    private final IdDigest digest;

    DownloadLog(LogSettings settings) {
        this.settings = settings;
        this.digest = new IdDigest(settings.idKey());
        if (settings.idKey() == null && EnumSet.of(settings.userIds(), settings.fileIds()).contains(Form.HASHED)) {
            LoggerFactory.getLogger(DownloadLog.class).warn("filestream.log.id-key is not set, so the hashed IDs in the"
                    + " log cannot be matched with those of other processes and earlier starts");
        }
    }

    @Override
    public void ended(FinishedDownload download) {
        if (download.isRefused() && !withoutPermit.logsNext()
                || download.isOfStranger() && !withoutCredentials.logsNext()) {
            return;
        }
        LoggingEventBuilder line = LOG.atInfo();
        if (download.customer() != null) {
            add(line, "tenantId", download.customer().tenantId());
            add(line, "channelId", download.customer().channelId());
            add(line, "userId", ofUser(download.customer().userId()));
        }
        add(line, "branch", download.branch());
        add(line, "resultCode", download.resultCode());
        line.addKeyValue("bytes", download.bytes());
        line.addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(download.nanoseconds()));
        add(line, "appKey", download.appKey());
        add(line, "fileId", ofFile(download.fileId()));
        add(line, "cause", download.cause() == Cause.NONE ? null : download.cause().label());
        add(line, "reason", download.reason());
        line.log(NAME);
    }

    /** At shutdown, writes how many refusals of the last second got no line. */
    @PreDestroy
    void writeRefused() {
        withoutPermit.logOthers();
        withoutCredentials.logOthers();
    }

    /** Limits the lines of one kind of refusal. After a second, one more line counts the other refusals. */
    private record Sample(String message, AtomicInteger refused) {

        Sample(String message) {
            this(message, new AtomicInteger());
        }

        boolean logsNext() {
            int count = refused.incrementAndGet();
            if (count == 1) {
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(this::logOthers);
            }
            return count <= MOST_REFUSALS;
        }

        void logOthers() {
            int count = refused.getAndSet(0) - MOST_REFUSALS;
            if (count > 0) {
                LOG.atInfo().addKeyValue("refused", count).log(message);
            }
        }
    }

    private static void add(LoggingEventBuilder line, String key, String text) {
        if (text != null) {
            line.addKeyValue(key, LogText.visible(text, LONGEST));
        }
    }

    /** Returns the user ID in the configured form; {@code null} for form {@code NONE} or no ID. */
    String ofUser(String userId) {
        return shown(settings.userIds(), userId);
    }

    String ofFile(String fileId) {
        return shown(settings.fileIds(), fileId);
    }

    private String shown(Form form, String id) {
        return id == null ? null : switch (form) {
            case PLAIN -> LogText.visible(id, LONGEST);
            case NONE -> null;
            case HASHED -> digest.of(id);
        };
    }
}
