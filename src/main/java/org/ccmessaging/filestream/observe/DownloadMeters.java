package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * The meters of downloads and of log lines. No tag holds a file, a customer or a tenant, so the number of series has a
 * bound.
 */
@Component
class DownloadMeters {

    private static final String BRANCH = "branch";

    /** Bounds of the histograms. A file from a near store takes milliseconds, one over a slow line takes minutes. */
    private static final Duration[] BOUNDS = {Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
        Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10),
        Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(300)};

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
        this.durations = timer("filestream.download.duration",
                "From the request to the last byte of the response", meters);
        this.firstBytes = timer("filestream.download.first.byte",
                "From the request to the first byte of the response", meters);
        ConsoleQueue.countDropped(meters);
    }

    private static MeterProvider<Timer> timer(String name, String description, MeterRegistry meters) {
        return Timer.builder(name).description(description).serviceLevelObjectives(BOUNDS).withRegistry(meters);
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
