package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * The meters of downloads and of log lines. No tag has the name of a file, a customer or a tenant, so the number of
 * series is limited. The buckets of the histograms are settings in {@code application.yaml}.
 */
@Component
class DownloadMeters {

    private static final String BRANCH = "branch";

    private final MeterProvider<Counter> downloads;
    private final Counter refusedByStop;
    private final MeterProvider<Counter> fileBytes;
    private final MeterProvider<Timer> durations;
    private final MeterProvider<Timer> firstBytes;

    DownloadMeters(MeterRegistry meters) {
        this.downloads = Counter.builder("filestream.downloads")
                .description("Responses to downloadFileStream, by branch, resultCode and cause").withRegistry(meters);
        // Step admit counts the other reasons.
        this.refusedByStop = Counter.builder("filestream.downloads.refused").tag("reason", "stopped")
                .description("Downloads refused with 503").register(meters);
        this.fileBytes = Counter.builder("filestream.download").baseUnit("bytes")
                .description("Bytes of files read for clients, before Base64").withRegistry(meters);
        this.durations = Timer.builder("filestream.download.duration")
                .description("From the request to the last byte of the response").withRegistry(meters);
        this.firstBytes = Timer.builder("filestream.download.first.byte")
                .description("From the request to the first byte of the response").withRegistry(meters);
        ConsoleQueue.countDropped(meters);
    }

    void record(FinishedDownload download) {
        String branch = download.branch();
        downloads.withTags(BRANCH, branch, "resultCode", download.resultCode(), "cause", download.cause().label())
                .increment();
        if (download.stopped()) {
            refusedByStop.increment();
        }
        fileBytes.withTag(BRANCH, branch).increment(download.bytes());
        durations.withTag(BRANCH, branch).record(download.nanoseconds(), TimeUnit.NANOSECONDS);
        if (download.firstByteNanoseconds() != null) {
            firstBytes.withTag(BRANCH, branch).record(download.firstByteNanoseconds(), TimeUnit.NANOSECONDS);
        }
    }
}
