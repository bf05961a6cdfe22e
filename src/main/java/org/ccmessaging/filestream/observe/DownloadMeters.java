package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.failure.Refusal;
import org.springframework.stereotype.Component;

/** Meters of downloads. No tag names a file, customer or tenant, so that the number of metric series is limited. */
@Component
public class DownloadMeters implements FinishedDownload.Listener {

    private static final String BRANCH = "branch";

    private final MeterProvider<Counter> downloads;
    private final MeterProvider<Counter> fileBytes;
    private final MeterProvider<Timer> duration;
    private final MeterProvider<Timer> firstByte;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);

    DownloadMeters(MeterRegistry meters) {
        downloads = Counter.builder("filestream.downloads")
                .description("Responses to downloadFileStream, by branch, resultCode and cause").withRegistry(meters);
        fileBytes = Counter.builder("filestream.download").baseUnit("bytes")
                .description("Bytes of files read for clients, before Base64").withRegistry(meters);
        duration = Timer.builder("filestream.download.duration")
                .description("From the request to the last byte of the response").withRegistry(meters);
        firstByte = Timer.builder("filestream.download.first.byte")
                .description("From the end of the request to the first byte of the response").withRegistry(meters);
        // Registers all reasons at 0. Otherwise a rate would not show the first refusal.
        for (Refusal each : Refusal.values()) {
            refused.put(each, Counter.builder("filestream.downloads.refused").tag("reason", each.tag())
                    .description("Downloads refused with 429 or 503").register(meters));
        }
        ConsoleQueue.countDropped(meters);
    }

    @Override
    public void ended(FinishedDownload download) {
        downloads.withTags(BRANCH, download.branch(), "resultCode", download.resultCode(),
                "cause", download.cause().label()).increment();
        if (download.refusal() != null) {
            refused(download.refusal());
        }
        fileBytes.withTags(BRANCH, download.branch()).increment(download.bytes());
        duration.withTags(BRANCH, download.branch()).record(download.nanoseconds(), TimeUnit.NANOSECONDS);
        if (download.firstByteNanoseconds() != null) {
            firstByte.withTags(BRANCH, download.branch())
                    .record(download.firstByteNanoseconds(), TimeUnit.NANOSECONDS);
        }
    }

    /** Counts a refused download. Package {@code http} calls this method for a download that reaches no route. */
    public void refused(Refusal reason) {
        refused.get(reason).increment();
    }
}
